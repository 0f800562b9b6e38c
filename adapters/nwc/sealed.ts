import * as nip04 from 'nostr-tools/nip04'
import { decrypt, encrypt, getConversationKey } from 'nostr-tools/nip44'
import { finalizeEvent, verifyEvent } from 'nostr-tools/pure'
import { appRequest, ENCRYPTION, KIND, NOTIFICATION, type WireEvent } from './wire.ts'

/** Unix seconds, as NIP-01 writes times. */
export const secondsOf = (ms: number): number => Math.trunc(ms / 1_000)

/** The first value of a tag. */
export function tagOf(event: WireEvent, name: string): string | undefined {
  return event.tags.find(([first]) => first === name)?.[1]
}

/** True when the event's id and signature are its own. */
export function isGenuine(event: WireEvent): boolean {
  return verifyEvent(event)
}

/** An event with encrypted JSON for `to`, signed by `secret`. */
export function seal(o: { kind: number; secret: Uint8Array; to: string; tags: readonly string[][]; body: unknown; at: number }): WireEvent {
  const content = encrypt(JSON.stringify(o.body), getConversationKey(o.secret, o.to))
  return finalizeEvent({ kind: o.kind, created_at: secondsOf(o.at), tags: [['p', o.to], ...o.tags], content }, o.secret)
}

/** The same in the encryption of older apps (NIP-04), for those who can read no other. */
export function sealForOlder(o: {
  kind: number
  secret: Uint8Array
  to: string
  tags: readonly string[][]
  body: unknown
  at: number
}): WireEvent {
  const content = nip04.encrypt(o.secret, o.to, JSON.stringify(o.body))
  return finalizeEvent({ kind: o.kind, created_at: secondsOf(o.at), tags: [['p', o.to], ...o.tags], content }, o.secret)
}

/** The JSON inside an event, or undefined when it was not encrypted for us by its author. */
export function unseal(event: WireEvent, secret: Uint8Array): unknown {
  try {
    return JSON.parse(decrypt(event.content, getConversationKey(secret, event.pubkey)))
  } catch {
    return undefined
  }
}

/** What a wallet says about itself to apps (kind 13194): its methods and the one encryption that it speaks. */
export function infoEvent(o: { secret: Uint8Array; methods: readonly string[]; at: number }): WireEvent {
  const tags = [
    ['encryption', ENCRYPTION],
    ['notifications', NOTIFICATION],
  ]
  const template = { kind: KIND.info, created_at: secondsOf(o.at), tags, content: [...o.methods, 'notifications'].join(' ') }
  return finalizeEvent(template, o.secret)
}

/** A request as an app wrote it, or undefined when this is none. */
export function readRequest(event: WireEvent, secret: Uint8Array) {
  return requestIn(() => unseal(event, secret))
}

/** A request in the encryption of older apps, which is understood only so far that they can be told. */
export function readOlderRequest(event: WireEvent, secret: Uint8Array) {
  return requestIn(() => JSON.parse(nip04.decrypt(secret, event.pubkey, event.content)))
}

function requestIn(open: () => unknown) {
  try {
    const read = appRequest.safeParse(open())
    return read.success ? read.data : undefined
  } catch {
    // Not encrypted for us in this way, or no JSON.
    return undefined
  }
}
