import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant } from '../../../gateway/errors/invariant.ts'
import { ifThere } from './ifThere.ts'
import type { BankStore, Payment } from './store.ts'
import { syncPath } from './syncPath.ts'

/** ISO 20022 Max35Text. */
const LENGTH_MAX = 35

async function exists(path: string): Promise<boolean> {
  return (await ifThere(stat(path))) !== undefined
}

async function forgetNames(handed: string, before: number): Promise<void> {
  for (const name of await readdir(handed)) {
    const found = await stat(join(handed, name))
    if (found.isFile() && found.mtimeMs < before) await rm(join(handed, name))
  }
}

/** A file of one order has its name; one of several has one of its own, by the first: no order is in two files. */
function messageIdOf([first, ...others]: readonly Payment[]): string {
  invariant(first, 'a file has an order')
  if (others.length === 0) return first.endToEndId
  return `file${createHash('sha256').update(first.endToEndId).digest('hex')}`.slice(0, LENGTH_MAX)
}

type Places = Readonly<{ handed: string; staging: string; outbox: string; ending: string }>
type WriteFile = (id: string, payments: readonly Payment[]) => string

async function openPlaces(folder: string, since: number, ending: string): Promise<Places> {
  const folders = { handed: join(folder, 'handed'), staging: join(folder, 'staging'), outbox: join(folder, 'outbox') }
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true })
  await forgetNames(folders.handed, since)
  return { ...folders, ending }
}

const stagedPath = ({ staging, ending }: Places, id: string) => join(staging, `${id}${ending}`)

async function writeStaged(places: Places, id: string, text: string): Promise<void> {
  const handle = await open(stagedPath(places, id), 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncPath(places.staging)
}

async function leave(places: Places, id: string): Promise<void> {
  await rename(stagedPath(places, id), join(places.outbox, `${id}${places.ending}`))
  await syncPath(places.outbox)
  await syncPath(places.staging)
}

/** Complete in `staging/` before its rows say so. */
async function stage(
  places: Places,
  store: BankStore,
  o: Readonly<{ id: string; text: string; payments: readonly Payment[] }>,
): Promise<void> {
  await writeStaged(places, o.id, o.text)
  store.transaction(() => {
    for (const { attemptId } of o.payments) store.setStaged(attemptId, o.id)
  })
}

/** Durable before the file can leave. */
async function noteHanded({ handed }: Places, payments: readonly Pick<Payment, 'endToEndId'>[]): Promise<void> {
  for (const { endToEndId } of payments) await (await open(join(handed, endToEndId), 'w')).close()
  await syncPath(handed)
}

/** A file leaves whole, so what is true of one of its orders is true of all. */
async function withdrawFile(places: Places, store: BankStore, id: string): Promise<void> {
  const payments = store.paymentsOf(id).filter(({ state }) => state === 'staged')
  store.transaction(() => {
    for (const { attemptId } of payments) store.setState(attemptId, 'withdrawn')
  })
  await rm(stagedPath(places, id), { force: true })
  for (const { endToEndId } of payments) await rm(join(places.handed, endToEndId), { force: true })
}

/**
 * A file that is no order, by its name. It is complete in `staging/` before its name is in `handed/`, so a name whose file lies there still is one that a
 * crash kept from leaving, and any other has left.
 */
async function handOver(places: Places, id: string, text: string): Promise<void> {
  if (!(await exists(join(places.handed, id)))) {
    await writeStaged(places, id, text)
    await noteHanded(places, [{ endToEndId: id }])
  } else if (!(await exists(stagedPath(places, id)))) return
  await leave(places, id)
}

export type Outbox = Awaited<ReturnType<typeof openOutbox>>

type OutboxOptions = Readonly<{ since: number; write: WriteFile; ending?: string }>

/**
 * Hands files to the bank exactly once. A file is complete in `staging/` before its rows say `staged`, all at once; the names of its orders are in `handed/`
 * after that, and it leaves by one rename. So after a crash a `prepared` row never left, and `staged` rows left if and only if their staged file is gone. The
 * name in `handed/` tells an older copy of the data file from the file: a `prepared` row, or none, whose name is there may have left. Names from before
 * `since` (ms) are forgotten. `write`: the text of a file by its id and orders; `ending`: of the names of
 * files.
 */
export async function openOutbox(folder: string, store: BankStore, { since, write, ending = '.xml' }: OutboxOptions) {
  const places = await openPlaces(folder, since, ending)
  const { handed, outbox } = places

  async function mayHaveLeft(endToEndId: string): Promise<boolean> {
    return (await exists(join(handed, endToEndId))) || (await exists(join(outbox, `${endToEndId}${ending}`)))
  }

  return {
    /** True when an order of this name was handed over, whatever the data file says. */
    mayHaveLeft,
    /** Hands over what is no order, once however often this name comes. */
    handOver: (id: string, text: string) => handOver(places, id, text),
    /** Hands over those of the orders that are `prepared`, in one file; one that may have left before is not in it. */
    async dispatch(payments: readonly Payment[]): Promise<void> {
      const fresh: Payment[] = []
      for (const { attemptId } of payments) {
        const payment = store.payment(attemptId)
        if (payment?.state !== 'prepared') continue
        if (await mayHaveLeft(payment.endToEndId)) store.setState(attemptId, 'sent')
        else fresh.push(payment)
      }
      if (fresh.length === 0) return
      const id = messageIdOf(fresh)
      await stage(places, store, { id, text: write(id, fresh), payments: fresh })
      await noteHanded(places, fresh)
      await leave(places, id)
      store.setFileSent(id)
    },
    /** Takes back an order that never left, for good, with all of its file. False when it has left. */
    async withdraw({ attemptId, endToEndId, messageId, state }: Payment): Promise<boolean> {
      if (state === 'sent') return false
      if (state === 'prepared') {
        const left = await mayHaveLeft(endToEndId)
        store.setState(attemptId, left ? 'sent' : 'withdrawn')
        if (!left) await rm(stagedPath(places, endToEndId), { force: true })
        return !left
      }
      invariant(messageId !== null, `${attemptId} is staged in a file`)
      if (await exists(stagedPath(places, messageId))) {
        await withdrawFile(places, store, messageId)
        return true
      }
      store.setFileSent(messageId)
      return false
    },
  }
}
