import { hash } from 'node:crypto'
import type { Entry, Leg } from '../ports/books.ts'

/** The first 64 bits of SHA-256 over the canonical entry: its id, payment and legs in fixed order. Never 0, which the ledger reads as "inherit". */
export function entryFingerprint(entry: Entry): bigint {
  const canonical = JSON.stringify([entry.id, entry.payment, entry.legs.map(canonicalLeg)])
  return hash('sha256', canonical, 'buffer').readBigUInt64BE(0) || 1n
}

/** 128 bits that stand for the payment's id in the ledger. Never 0. */
export function paymentTag(payment: string): bigint {
  const digest = hash('sha256', payment, 'buffer')
  return (digest.readBigUInt64BE(0) << 64n) | digest.readBigUInt64BE(8) || 1n
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
