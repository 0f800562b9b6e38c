import { hash } from 'node:crypto'
import type { Entry, Leg } from '../ports/books.ts'

/** The first 64 bits of SHA-256 over the canonical entry: its id, payment and legs in fixed order. Never 0, which the ledger reads as "inherit". */
export function entryFingerprint(entry: Entry): bigint {
  const canonical = JSON.stringify([entry.id, entry.payment, entry.legs.map(canonicalLeg)])
  return BigInt(`0x${hash('sha256', canonical, 'hex').slice(0, 16)}`) || 1n
}

/** Ids of ours: a kind and 128 bits in hex. */
const OWN_ID = /^[a-z]{2,5}_([0-9a-f]{32})$/

/** 128 bits that stand for the payment in the ledger: those of its id when it is one of ours, else the first of SHA-256 over it. Never 0. */
export function paymentTag(payment: string): bigint {
  const bits = OWN_ID.exec(payment)?.[1] ?? hash('sha256', payment, 'hex').slice(0, 32)
  return BigInt(`0x${bits}`) || 1n
}

function canonicalLeg(leg: Leg): readonly (string | number)[] {
  switch (leg.kind) {
    case 'move':
      return ['move', leg.debit, leg.credit, leg.asset.id, leg.units.toString()]
    case 'hold':
      return ['hold', leg.debit, leg.credit, leg.asset.id, leg.units.toString(), leg.timeoutS]
    case 'post':
      return ['post', leg.pending.entry, leg.pending.leg, leg.asset.id, leg.units.toString()]
    case 'void':
      return ['void', leg.pending.entry, leg.pending.leg, leg.asset.id]
  }
}
