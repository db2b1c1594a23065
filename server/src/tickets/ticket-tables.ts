export interface TicketTables {
  ticket: TicketRow;
}

/** A right to open one group or one mailbox, without an owner. Spending deletes the row. */
export interface TicketRow {
  readonly hash: Uint8Array;
  readonly purpose: string;
  /** Day of issue. */
  readonly day: number;
}
