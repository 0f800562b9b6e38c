import { inTime } from './receivedAnswer.ts'

/** Who cannot say by then what it holds is asked to pay all the same. */
const SAY_MS_MAX = 2_000

/** What a wallet says that it holds; undefined where it cannot say, or not soon: whether it can pay it says when it is asked to. */
export async function heldBy(asked: Promise<bigint | undefined> | undefined): Promise<bigint | undefined> {
  return asked && inTime(asked, SAY_MS_MAX).catch(() => undefined)
}
