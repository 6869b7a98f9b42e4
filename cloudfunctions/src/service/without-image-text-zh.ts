import type { ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import type { WithoutImage } from '../pipeline/transcode/stored-instance';

type Kind = ObjectWithoutImage['kind'];

const byKind: Readonly<Record<Kind, string>> = {
  'structured-report': '结构化报告，点开即可阅读',
  pdf: 'PDF 文档，点开即可阅读',
  'key-object': '关键图像标记，点开可查看医生标出的图像',
  'presentation-state': '图像显示状态（窗位、标注等设置），本身不含图像，已随检查一并保存',
  segmentation: '图像分割结果，已随检查一并保存，目前不能显示',
  'rt-structure': '放射治疗靶区与器官勾画，已随检查一并保存，目前不能叠加显示',
  'rt-dose': '放射治疗剂量分布，已随检查一并保存，目前不能显示',
  'rt-plan': '放射治疗计划，本身不含图像，已随检查一并保存',
  video: '视频录像，已随检查一并保存，目前不能在此播放，如需观看请联系医院',
  model: '三维模型，已随检查一并保存，目前不能显示',
  waveform: '心电等波形记录，已随检查一并保存，目前不能显示',
  other: '不含图像的检查资料，已随检查一并保存',
  damaged: '图像数据不完整或已损坏，无法显示；收到的文件已原样保存，请联系医院重新发送',
};

/** Of a document that its reader can't open yet. */
export const waitingReason = '报告尚未审核发布，医院审核后即可在此查看';

/** The sentence for patient and doctor: why no picture of an object is shown. */
export function reasonWithoutImage(kind: Kind, why: WithoutImage): string {
  if (why === 'codec-not-viewable' && (kind === 'other' || kind === 'damaged'))
    return '图像采用的压缩或颜色格式目前无法显示；收到的文件已原样保存，如需观看请联系医院';
  if (why === 'no-pixel-data') return '此文件只有检查信息，没有图像数据，已随检查一并保存';
  return byKind[kind];
}
