const HIDDEN = '[hidden]'
/** What stands under these names is never shown, whatever it is. Names of our own, of headers and of other people's clients. */
const SECRET_NAMES =
  /("(?:[a-z0-9_-]*(?:authorization|preimage|macaroon|password|passphrase|secret|mnemonic|seed|cookie)[a-z0-9_-]*|(?:[a-z]+[_-]?)?(?:private|operator|lane|api)[_-]?keys?|[a-z0-9_-]*tokens?|k1|x-api-key|payment-signature|x-payment|nwc[a-z_]*)"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/gi
/** The same in running text: `authorization: Bearer ...`, `preimage=...`. */
const SECRET_WORDS =
  /\b(authorization|preimage|macaroon|password|passphrase|(?:[a-z]+_)?token|mnemonic|seed|secret|private[ _-]?key)(\s*[:=]\s*)[^",}\\]+/gi

/** What is a secret by its shape, wherever it stands. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\bsk_[A-Za-z0-9_-]{8,}/g, `sk_${HIDDEN}`],
  [/\b(Bearer|L402|LSAT|Basic|Payment) +[A-Za-z0-9+/=_:.~-]{8,}/g, `$1 ${HIDDEN}`],
  [/\bnostr\+walletconnect:[^\s"\\]+/gi, `nostr+walletconnect:${HIDDEN}`],
  // A URL with a user in it, of a node or of a database, up to the last @: a password may have one too. So may a path on the web, where it ends at the host.
  [/\b((?:https?|wss?):\/\/)[^\s"\\/]+@/gi, `$1${HIDDEN}@`],
  [/\b((?!https?:|wss?:)[a-z][a-z0-9+.-]*:\/\/)[^\s"\\]+@/gi, `$1${HIDDEN}@`],
  // Providers of RPC have their key in the path or in the query.
  [/(?<=:\/\/[^\s"\\]{1,300}\/)(?=[a-z_-]*\d)[a-z0-9_-]{20,}/gi, HIDDEN],
  [/([?&][a-z0-9_-]*(?:key|auth|sig|signature)=|\bk1=)[^&\s"\\#]+/gi, `$1${HIDDEN}`],
  [/nsec1[02-9ac-hj-np-z]{20,}/gi, `nsec1${HIDDEN}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\+[nr]|[^"\\-]|-(?!----))*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, HIDDEN],
  // A macaroon of version 2: in base64 and in hex.
  [/\bAgE[A-Za-z0-9+/_-]{40,}=*/g, HIDDEN],
  [/\b0201[0-9a-f]{80,}/gi, HIDDEN],
  // A key and a preimage look like a hash; so much of it is left that the thing can be found by it.
  [/\b(0x)?([0-9a-f]{8})[0-9a-f]{56}\b/gi, '$1$2...'],
  // Twelve words and more of a phrase (BIP 39).
  [/\b(?:[a-z]{3,8} ){11,23}[a-z]{3,8}\b/g, HIDDEN],
]

/** A line of the log without what must not be in one. It is looked through whole, so that no field, message or stack of an error is forgotten. */
export function withoutSecrets(line: string): string {
  const named = line.replace(SECRET_NAMES, `$1"${HIDDEN}"`).replace(SECRET_WORDS, `$1$2${HIDDEN}`)
  return SHAPES.reduce((text, [shape, instead]) => text.replace(shape, instead), named)
}
