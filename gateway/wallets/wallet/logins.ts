import { randomBytes } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { createShares } from '../../guard/admission/shares.ts'
import type { Clock } from '../../ports/clock.ts'
import { type AuthAction, authIsSigned } from '../lnurl/auth.ts'

/** A login that a wallet has to sign, or has signed: `key` is who it is, per domain (LUD-04). `owner` asked for it. */
type Login = Readonly<{ k1: string; owner: string; action: AuthAction | undefined; expiresAt: number; key: string | undefined }>

export type Logins = ReturnType<typeof createLogins>

const LIFE_MS = 600_000
const OPEN_MAX = 10_000

/**
 * Logins by a wallet's key. A challenge is good for one signature and ten minutes; it is kept in memory only, because a login that a restart forgets is
 * asked for again, and nothing is owed under it.
 */
export function createLogins(o: { clock: Clock }) {
  const logins = new Map<string, Login>()
  const shares = createShares({ clock: o.clock, max: OPEN_MAX, parts: 8, lifeMs: LIFE_MS, what: 'the open logins' })

  /** The oldest end first, because all live equally long. */
  function forgetEnded(now: number): void {
    for (const { k1, expiresAt } of logins.values()) {
      if (expiresAt > now) return
      logins.delete(k1)
    }
  }

  function get(k1: string): Login {
    const login = logins.get(k1.toLowerCase())
    if (!login || login.expiresAt <= o.clock.now()) throw missing()
    return login
  }

  return {
    create(owner: string, action?: AuthAction): Login {
      const now = o.clock.now()
      forgetEnded(now)
      shares.take('logins', owner)
      const login: Login = { k1: randomBytes(32).toString('hex'), owner, action, expiresAt: now + LIFE_MS, key: undefined }
      logins.set(login.k1, login)
      return login
    },
    get,
    /** The login that this one asked for; another's is as if it were not there. */
    of(k1: string, owner: string): Login {
      const login = get(k1)
      if (login.owner !== owner) throw missing()
      return login
    },
    /** Takes a wallet's signature. The first that holds is the login's; another key after it is refused. */
    sign(proof: { k1: string; sig: string; key: string }): Login {
      const login = get(proof.k1)
      if (!authIsSigned(proof)) throw new GatewayError('unauthorized', 'The signature does not hold for this key and challenge')
      const key = proof.key.toLowerCase()
      if (login.key !== undefined && login.key !== key) throw new GatewayError('unauthorized', 'This login was signed by another key')
      const signed = { ...login, key }
      logins.set(login.k1, signed)
      return signed
    },
  }
}

function missing(): GatewayError {
  return new GatewayError('not_found', 'There is no such login, or it has expired')
}
