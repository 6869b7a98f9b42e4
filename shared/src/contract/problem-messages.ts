import type { ProblemCode } from '../domain/problem';

/**
 * The one catalogue of what a caller is told (docs/errors.md is tested against it).
 * `status` is the HTTP status; `retrySafe` says whether the same request may be sent again unchanged: "later" means it can
 * succeed without anyone changing anything, "never" means it will fail the same way.
 */
export interface ProblemMessage {
  readonly status: number;
  readonly message: string;
  readonly retrySafe: 'later' | 'never';
}

export const problemMessages: Readonly<Record<ProblemCode, ProblemMessage>> = {
  unauthenticated: { status: 401, message: '登录已失效，请重新验证身份', retrySafe: 'never' },
  'sign-in-refused': { status: 401, message: '账号、口令或动态码不正确', retrySafe: 'never' },
  'sign-in-locked': { status: 429, message: '连续失败次数过多，账号已临时锁定，请稍后再试', retrySafe: 'later' },
  'code-refused': { status: 403, message: '验证码不正确或已失效，请重新获取', retrySafe: 'never' },
  forbidden: { status: 403, message: '您没有进行此操作的权限', retrySafe: 'never' },
  'not-found': { status: 404, message: '没有找到所请求的内容', retrySafe: 'never' },
  'share-unavailable': { status: 404, message: '链接不存在、已失效，或口令不正确', retrySafe: 'never' },
  'share-locked': { status: 429, message: '口令错误次数过多，请稍后再试', retrySafe: 'later' },
  'invalid-request': { status: 400, message: '请求内容不符合要求', retrySafe: 'never' },
  'too-many-requests': { status: 429, message: '操作过于频繁，请稍后再试', retrySafe: 'later' },
  'payload-too-large': { status: 413, message: '提交的内容过大', retrySafe: 'never' },
  'film-not-published': { status: 409, message: '胶片尚未发布', retrySafe: 'later' },
  'document-not-released': {
    status: 409,
    message: '报告尚未审核发布，医院审核后即可查看',
    retrySafe: 'later',
  },
  'marks-changed': { status: 409, message: '其他医生刚刚修改了此序列的测量，请合并后再保存', retrySafe: 'never' },
  'film-changed': { status: 409, message: '胶片内容已更新，请重新打开', retrySafe: 'never' },
  'image-not-ready': { status: 409, message: '图像正在处理，请稍后再试', retrySafe: 'later' },
  'image-damaged': { status: 500, message: '图像数据校验未通过，已停止显示，请联系医院', retrySafe: 'never' },
  'dicom-malformed': { status: 400, message: '影像文件格式错误', retrySafe: 'never' },
  'dicom-limit-exceeded': { status: 413, message: '影像文件超出允许的大小或复杂度', retrySafe: 'never' },
  'dicom-identifier-missing': { status: 400, message: '影像文件缺少必需的标识', retrySafe: 'never' },
  'dicom-identifier-mismatch': { status: 400, message: '影像文件的标识前后不一致', retrySafe: 'never' },
  'dicom-unsupported': { status: 415, message: '暂不支持此类影像', retrySafe: 'never' },
  'hl7-malformed': { status: 400, message: 'HL7 消息格式错误', retrySafe: 'never' },
  'hl7-unsupported': { status: 415, message: '暂不支持此类 HL7 消息', retrySafe: 'never' },
  'hl7-charset-invalid': { status: 400, message: 'HL7 消息的字符编码与声明不符', retrySafe: 'never' },
  'out-of-space': { status: 507, message: '存储空间不足，请联系管理员', retrySafe: 'later' },
  'storage-unavailable': { status: 503, message: '存储服务暂时不可用，请稍后再试', retrySafe: 'later' },
  'sealed-object-invalid': { status: 500, message: '加密数据校验未通过，请联系医院', retrySafe: 'never' },
  'key-unavailable': { status: 503, message: '密钥服务暂时不可用，请稍后再试', retrySafe: 'later' },
  unexpected: { status: 500, message: '服务出现意外错误，请稍后再试', retrySafe: 'later' },
};
