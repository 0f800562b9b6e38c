/** What a file is called while it is written: the receipt and this. */
export const PART = '.part'
const CUT = '.cut'
/** `<receipt>.<ended at>.<expires at>.<SHA-256>`: a file has this name once it is whole, with `.cut` where it never will be. */
const KEPT = /^(rc_[\w-]+)\.(\d+)\.(\d+)\.([0-9a-f]{64})(\.cut)?$/

/** What a file's name says. Times in ms. */
type AnswerName = Readonly<{ receipt: string; endedAt: number; expiresAt: number; digest: string; isCut: boolean }>

export function nameOf({ receipt, endedAt, expiresAt, digest, isCut }: AnswerName): string {
  return `${receipt}.${endedAt}.${expiresAt}.${digest}${isCut ? CUT : ''}`
}

/** Undefined for what is no kept answer. */
export function readName(name: string): AnswerName | undefined {
  const [, receipt, endedAt, expiresAt, digest, cut] = KEPT.exec(name) ?? []
  if (receipt === undefined || digest === undefined) return undefined
  const times = { endedAt: Number.parseInt(endedAt!, 10), expiresAt: Number.parseInt(expiresAt!, 10) } // The pattern has them. Not money: times.
  return { receipt, ...times, digest, isCut: cut !== undefined }
}
