/** The token in a share's link: "https://…/s/TOKEN" → "TOKEN"; '' where the link is another. It says nothing of a patient. */
export function shareTokenOf(url: string): string {
  return /\/s\/([A-Za-z0-9_-]{22})$/.exec(url)?.[1] ?? '';
}
