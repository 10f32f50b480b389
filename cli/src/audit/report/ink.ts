/** The colors of charts. The page's style sheet defines them for light mode, dark mode and print. */
export type Ink = (typeof SERIES_INKS)[number] | (typeof OTHER_INKS)[number];

export const SERIES_INKS = ['series1', 'series2', 'series3', 'series4', 'series5', 'series6'] as const;

export const OTHER_INKS = ['others', 'plain', 'outside', 'inside'] as const;
