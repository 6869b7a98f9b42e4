import { withCheckCharacter } from '@yingyun/shared/domain/id-number';
import { type DemoExam, demoExams } from './demo-exams';

/** GB/T 2260 gives no division the code 999900: nobody has such an ID number, and yet its check character is right. */
const region = '999900';

/** What the demo hospital knows of an exam's patient: enough to bind to, and no real person's. */
export function demoIdentity(exam: DemoExam): { readonly idNumber: string; readonly phone: string } {
  const number = Number(exam.patientId.slice(-3));
  // the 17th digit is odd for men, even for women (GB 11643)
  const sequence = String(number * 2 - (exam.sex === 'M' ? 1 : 0)).padStart(3, '0');
  return {
    idNumber: withCheckCharacter(`${region}${exam.birthDate}${sequence}`),
    phone: `199000000${String(number).padStart(2, '0')}`,
  };
}

/** How one becomes each of the demo's patients: phone to sign in with, name and ID number to bind with, and where the codes appear. */
export function demoPeopleText(url: string, isConsole: boolean): string {
  const people = new Map<string, DemoExam[]>();
  for (const exam of demoExams) people.set(exam.patientId, [...(people.get(exam.patientId) ?? []), exam]);
  const lines = [...people.values()].flatMap((exams) => {
    const [first] = exams;
    if (first === undefined) return [];
    const { idNumber, phone } = demoIdentity(first);
    return [
      `  手机 ${phone}  姓名 ${first.hl7Name}  身份证号 ${idNumber}  ${exams.map((one) => one.examItem).join('、')}`,
    ];
  });
  return [
    `患者端    ${url}`,
    `  用下列手机号登录，再以姓名和身份证号绑定就诊档案；两次验证码都${isConsole ? '显示在本窗口（〔短信〕一行）' : '由短信网关发出'}。`,
    ...lines,
    '',
  ].join('\n');
}
