/** Digits of a mainland mobile number as people type or paste it: "+86 138 0013 8000" → "13800138000". */
export function phoneDigits(typed: string): string {
  const digits = typed.replace(/[^\d+]/g, '');
  return digits
    .replace(/^\+?86(?=1\d{10}$)/, '')
    .replace(/\D/g, '')
    .slice(0, 11);
}

export function isMobileNumber(digits: string): boolean {
  return /^1[3-9]\d{9}$/.test(digits);
}
