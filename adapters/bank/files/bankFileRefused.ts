/** A bank's file is refused as a unit: nothing of it is booked, and `reason` is written beside it for a person. */
export class BankFileRefused extends Error {
  override readonly name = 'BankFileRefused'
  readonly reason: string

  constructor(reason: string) {
    super(`the bank's file is refused: ${reason}`)
    this.reason = reason
  }
}
