import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant } from '../../gateway/errors/invariant.ts'
import { ifThere } from './ifThere.ts'
import type { BankStore, Payment } from './store.ts'

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return (await ifThere(stat(path))) !== undefined
}

async function forgetNames(handed: string, before: number): Promise<void> {
  for (const name of await readdir(handed)) {
    const found = await stat(join(handed, name))
    if (found.isFile() && found.mtimeMs < before) await rm(join(handed, name))
  }
}

export type Outbox = Awaited<ReturnType<typeof openOutbox>>

/**
 * Hands files to the bank exactly once. A file is complete in `staging/` before its row says `staged`, has its name in `handed/` after that, and leaves by
 * one rename. So after a crash a `prepared` row never left, and a `staged` row left if and only if its staged file is gone. The name in `handed/` tells an
 * older copy of the data file from the file: a `prepared` row, or none, whose name is there may have left. Names from before `since` (ms) are forgotten.
 */
export async function openOutbox(folder: string, store: BankStore, since: number) {
  const handed = join(folder, 'handed')
  await mkdir(handed, { recursive: true })
  await forgetNames(handed, since)
  const staging = join(folder, 'staging')
  const outbox = join(folder, 'outbox')
  await mkdir(staging, { recursive: true })
  await mkdir(outbox, { recursive: true })
  const stagedPath = (payment: Payment) => join(staging, `${payment.endToEndId}.xml`)

  async function stage(payment: Payment): Promise<void> {
    const handle = await open(stagedPath(payment), 'w')
    try {
      await handle.writeFile(payment.document)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await syncFolder(staging)
    store.setState(payment.attemptId, 'staged')
  }

  /** Durable before the file can leave. */
  async function noteHanded({ endToEndId }: Payment): Promise<void> {
    const handle = await open(join(handed, endToEndId), 'w')
    await handle.close()
    await syncFolder(handed)
  }

  async function mayHaveLeft(endToEndId: string): Promise<boolean> {
    return (await exists(join(handed, endToEndId))) || (await exists(join(outbox, `${endToEndId}.xml`)))
  }

  return {
    /** True when an order of this name was handed over, whatever the data file says. */
    mayHaveLeft,
    /** Completes what is left of handing it over. Repeating it is harmless. */
    async dispatch(payment: Payment): Promise<void> {
      invariant(payment.state === 'prepared' || payment.state === 'staged', `a payment that is ${payment.state} is not dispatched`)
      if (payment.state === 'prepared') {
        if (await mayHaveLeft(payment.endToEndId)) return store.setState(payment.attemptId, 'sent')
        await stage(payment)
      }
      if (await exists(stagedPath(payment))) {
        await noteHanded(payment)
        await rename(stagedPath(payment), join(outbox, `${payment.endToEndId}.xml`))
        await syncFolder(outbox)
        await syncFolder(staging)
      }
      store.setState(payment.attemptId, 'sent')
    },
    /** Takes back a file that never left, for good. False when it has left. */
    async withdraw(payment: Payment): Promise<boolean> {
      const left =
        payment.state === 'prepared'
          ? await mayHaveLeft(payment.endToEndId)
          : payment.state === 'sent' || !(await exists(stagedPath(payment)))
      if (left) {
        if (payment.state !== 'sent') store.setState(payment.attemptId, 'sent')
        return false
      }
      store.setState(payment.attemptId, 'withdrawn')
      await rm(stagedPath(payment), { force: true })
      await rm(join(handed, payment.endToEndId), { force: true })
      return true
    },
  }
}
