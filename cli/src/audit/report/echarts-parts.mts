import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

/** What the bundle takes in the place of the whole of ECharts: what is drawn with, and nothing else. */
use([BarChart, GridComponent, SVGRenderer]);

export { init } from 'echarts/core';
