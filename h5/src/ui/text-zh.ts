/** Words that reports carry on every page. */
export const reportText = {
  impression: '诊断意见',
  findings: '影像所见',
  none: '报告尚未发布，可先查看影像。',
  withdrawn: '报告已被医院撤回，请向医院询问。',
  preliminary: '初步报告，尚未审核，仅供医生参考。',
  amended: '本报告已更正，请以此版本为准。',
  status: { preliminary: '初步报告', approved: '已审核', amended: '已更正', withdrawn: '已撤回' },
  version: (version: number) => `第 ${version} 版`,
  sex: { M: '男', F: '女', O: '其他', '': '' },
  name: '姓名',
  sexName: '性别',
  ageName: '年龄',
  patientId: '患者编号',
  examItem: '检查项目',
  examAt: '检查时间',
  bodyPart: '检查部位',
  reportingDoctor: '报告医生',
  approvingDoctor: '审核医生',
  reportedAt: '报告时间',
  approvedAt: '审核时间',
  completeness: '影像完整性',
  disclaimer: '诊断以医院出具的正式报告为准，请结合临床由医生解读。',
  empty: '（未填写）',
} as const;

/** "045Y" → "45 岁", "008M" → "8 个月" (PS3.5 6.2, VR AS); '' for what is no age, "000Y" among it. */
export function formatAge(age: string): string {
  const parts = /^0*(\d+)([YMWD])$/.exec(age);
  if (parts === null || parts[0] === '000Y') return '';
  const units: Record<string, string> = { Y: '岁', M: '个月', W: '周', D: '天' };
  return `${parts[1]} ${units[parts[2] ?? 'Y']}`;
}
