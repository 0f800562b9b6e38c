/** A bank's file that is of a day still to come: nothing of it is booked now, and it is not wrong once our clock says `readableAt` (ms). */
export class BankFileToCome extends Error {
  override readonly name = 'BankFileToCome'
  readonly reason: string
  readonly readableAt: number

  constructor(reason: string, readableAt: number) {
    super(`the bank's file is to wait: ${reason}`)
    this.reason = reason
    this.readableAt = readableAt
  }
}
