/** The page came from the API's own origin. */
export const apiBase = '';
