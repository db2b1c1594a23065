/** The contract's number. It grows with every change of what travels; the test beside this file notices a change that forgot it. */
export const contractVersion = 1;
