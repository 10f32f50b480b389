import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

/** The parts of ECharts that the bundle includes, instead of the whole library. */
use([BarChart, GridComponent, SVGRenderer]);

export { init } from 'echarts/core';
