import type { Hex } from '../../../gateway/ports/ids.ts'
import { createGate } from '../node/gate.ts'
import type { LiveTransaction, Signed, TransactionTable } from './transactionTable.ts'

/** A live transaction: its row, whether a receipt was seen, and when its newest form was last offered to the node (ms). */
export type Flight = Readonly<{ row: LiveTransaction; mined: boolean; offeredAt: number | undefined }>

export type Flights = ReturnType<typeof createFlights>

/** Unmined at a time: geth keeps at most 64 transactions of one account that can run. */
export const UNMINED_MAX = 64
const WAITING_MAX = 2_000

/** What one operator has in the air, in memory: its live rows and what this process knows about them. Holds the bound on unmined ones. */
export function createFlights(transactions: TransactionTable, operator: Hex) {
  const room = createGate(UNMINED_MAX, WAITING_MAX)
  const flights = new Map<number, Flight>()
  const change = (nonce: number, fields: Partial<Flight>): void => {
    const flight = flights.get(nonce)
    if (flight) flights.set(nonce, { ...flight, ...fields })
  }

  /** Live rows of which nothing is known here: at start, and when a reorganisation made them live again. */
  function takeUp(): LiveTransaction[] {
    const fresh = transactions.live().filter((row) => row.operator === operator && !flights.has(row.nonce))
    for (const row of fresh) {
      flights.set(row.nonce, { row, mined: false, offeredAt: undefined })
      room.occupy()
    }
    return fresh
  }
  takeUp()

  return {
    room,
    takeUp,
    get: (nonce: number): Flight | undefined => flights.get(nonce),
    /** By nonce. */
    all: (): readonly Flight[] => [...flights.values()].sort((a, b) => a.row.nonce - b.row.nonce),

    /** Its place in the room is taken by the caller. */
    add(row: LiveTransaction): Flight {
      const flight = { row, mined: false, offeredAt: undefined }
      flights.set(row.nonce, flight)
      return flight
    },
    addForm(nonce: number, form: Signed): void {
      const flight = flights.get(nonce)
      if (flight) change(nonce, { row: { ...flight.row, forms: [...flight.row.forms, form] } })
    },
    setCancelled(nonce: number): void {
      const flight = flights.get(nonce)
      if (flight) change(nonce, { row: { ...flight.row, cancelled: flight.row.forms.length } })
    },
    setOffered: (nonce: number, at: number): void => change(nonce, { offeredAt: at }),

    /** A receipt was seen, or is gone again: then its block was replaced, and because nodes need not take it back it counts as not offered. */
    setMined(nonce: number, mined: boolean): void {
      if (!flights.has(nonce) || flights.get(nonce)?.mined === mined) return
      change(nonce, mined ? { mined } : { mined, offeredAt: undefined })
      if (mined) room.leave()
      else room.occupy()
    },

    /** Final or displaced: its row says so by now. */
    drop(nonce: number): void {
      this.setMined(nonce, true)
      flights.delete(nonce)
    },

    /** Worst case in wei of all that is not mined. */
    committedWei(): bigint {
      let sum = 0n
      for (const { row, mined } of flights.values()) if (!mined) sum += row.gas * row.forms.at(-1)!.maxFee
      return sum
    },
  }
}
