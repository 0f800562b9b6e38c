import { z } from 'zod'
import { agentIdOf } from '../../gateway/guard/agents/agents.ts'

/** As an address of keys is written: a host, or a JWK Set of its own. Plain http is for a local network's own hosts. */
const address = z
  .string()
  .max(300)
  .refine((text) => agentIdOf(text) !== undefined, { message: 'an address such as https://agent.example' })

/** Programs that are known by their signatures; those of nobody else say anything. */
export const agentsConfig = z.strictObject({
  /** Their keys are fetched from there, and from nowhere else. */
  directories: z.array(address).max(50).default([]),
  /** Keys that were handed over. `publicKey` is the `x` of a JWK of Ed25519. */
  keys: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/, 'a small letter and up to 30 more, digits, _ or -'),
        publicKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/, '43 letters of base64url: the `x` of a JWK of Ed25519'),
        /** The agent whose key it is, where that is an address. */
        agent: address.optional(),
        /** What its owner calls it, where that is no thumbprint. */
        keyId: z.string().max(200).optional(),
      }),
    )
    .max(200)
    .default([]),
})
