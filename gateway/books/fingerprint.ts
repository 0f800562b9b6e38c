import { hash } from 'node:crypto'
import type { Entry, Leg } from '../ports/books.ts'

/** The first 64 bits of SHA-256 over the canonical entry: its id, payment and legs in fixed order. Never 0, which the ledger reads as "inherit". */
export function entryFingerprint(entry: Entry): bigint {
  let canonical = text(entry.id) + text(entry.payment)
  for (const leg of entry.legs) canonical += canonicalLeg(leg)
  return BigInt(`0x${hash('sha256', canonical, 'hex').slice(0, 16)}`) || 1n
}

/** Ids of ours: a kind and 128 bits in hex. */
const OWN_ID = /^[a-z]{2,5}_([0-9a-f]{32})$/

/** 128 bits that stand for the payment in the ledger: those of its id when it is one of ours, else the first of SHA-256 over it. Never 0. */
export function paymentTag(payment: string): bigint {
  const bits = OWN_ID.exec(payment)?.[1] ?? hash('sha256', payment, 'hex').slice(0, 32)
  return BigInt(`0x${bits}`) || 1n
}

/** Its kind says which fields a leg has, so nothing marks where it ends. */
function canonicalLeg(leg: Leg): string {
  switch (leg.kind) {
    case 'move':
      return `move ${text(leg.debit)}${text(leg.credit)}${text(leg.asset.id)}${leg.units} `
    case 'hold':
      return `hold ${text(leg.debit)}${text(leg.credit)}${text(leg.asset.id)}${leg.units} ${leg.timeoutS} `
    case 'post':
      return `post ${text(leg.pending.entry)}${leg.pending.leg} ${text(leg.asset.id)}${leg.units} `
    case 'void':
      return `void ${text(leg.pending.entry)}${leg.pending.leg} ${text(leg.asset.id)}`
  }
}

/** A text behind its length: whatever it contains, it can not be read as what follows it. */
function text(value: string): string {
  return `${value.length}:${value}`
}
