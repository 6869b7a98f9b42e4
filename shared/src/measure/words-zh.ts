import { trimmed } from '../imaging/overlay-text';
import type { MarkKind, MarkReach } from './mark';
import type { MarkValue, Quantity } from './measure-mark';
import type { PointValue } from './point-value';

export const markNames: Readonly<Record<MarkKind, string>> = {
  length: '长度',
  angle: '角度',
  cobb: 'Cobb 角',
  ellipse: '椭圆',
  circle: '圆',
  rectangle: '矩形',
  polygon: '多边形',
  freehand: '手绘区域',
  point: '点值',
  arrow: '箭头',
  text: '文字',
  'heart-chest': '心胸比',
  calibration: '标定',
};

export const reachNames: Readonly<Record<MarkReach, string>> = { image: '仅本幅', series: '整个序列' };

/** What millimetres stand on; nothing is said of the patient's own plane. */
const standsOn = {
  patient: '',
  imager: '（探测器平面，未校准）',
  region: '（超声标定）',
  manual: '（人工标定）',
} as const;

const waiting = '原图加载后显示';

/** Lines of a mark's label: short, the number first. */
export function valueWords(value: MarkValue): string[] {
  switch (value.at) {
    case 'waiting-for-sharp':
      return [waiting];
    case 'nothing':
      return [];
    case 'length':
      return [lengthWords(value.length)];
    case 'angle':
      return [`${value.degrees.toFixed(1)}°`];
    case 'ratio':
      return [`心胸比 ${value.ratio.toFixed(2)}`, `心 ${shortLength(value.heart)} / 胸 ${shortLength(value.chest)}`];
    case 'region': {
      const { statistics, unit } = value;
      const area = areaWords(value.area);
      if (statistics === null) return [area];
      const one = (number: number) => number.toFixed(1);
      return [
        area,
        `均值 ${one(statistics.mean)}${unit === '' ? '' : ` ${unit}`}  标准差 ${one(statistics.standardDeviation)}`,
        `最小 ${trimmed(statistics.min)}  最大 ${trimmed(statistics.max)}`,
      ];
    }
    case 'point':
      return [pointWords(value.value)];
    case 'calibration':
      return [`标定 ${trimmed(value.millimetres)} mm`];
    default:
      return value satisfies never;
  }
}

function lengthWords(length: Quantity): string {
  if (length.unit === 'px') return `${length.value.toFixed(1)} 像素（未标定）`;
  return `${length.value.toFixed(1)} mm${standsOn[length.source]}`;
}

function shortLength({ value, unit }: Quantity): string {
  return `${value.toFixed(1)} ${unit === 'px' ? '像素' : 'mm'}`;
}

function areaWords(area: Quantity): string {
  if (area.unit === 'px') return `${area.value.toFixed(0)} 平方像素（未标定）`;
  return `${area.value.toFixed(1)} mm²${standsOn[area.source]}`;
}

function pointWords(value: PointValue): string {
  switch (value.at) {
    case 'waiting-for-sharp':
      return waiting;
    case 'outside':
      return '图像外';
    case 'padding':
      return '无数据区';
    case 'colour':
      return `RGB ${value.rgb.join(', ')}（${value.column}, ${value.row}）`;
    case 'grey':
      return `${value.unit === '' ? '值' : value.unit} ${trimmed(value.value)}（${value.column}, ${value.row}）`;
    default:
      return value satisfies never;
  }
}
