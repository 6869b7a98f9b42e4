/** A page in a browser is passed on by its link; there is no button of the system's to show. */
export const hasSystemShare = false;
