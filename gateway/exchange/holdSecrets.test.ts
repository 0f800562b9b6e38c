import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { holdSecrets } from './holdSecrets.ts'

const [old, fresh] = [Buffer.from('the secret of last year'), Buffer.from('the secret of this year')]
const id = 'ex_1'

test('a preimage opens the hash that was given out, and belongs to one exchange', () => {
  const secrets = holdSecrets({ current: fresh })
  const hash = secrets.hashOf(id)
  const preimage = secrets.preimageOf(id, hash)!
  expect(createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex')).toBe(hash)
  expect(secrets.hashOf('ex_2')).not.toBe(hash)
  expect(secrets.preimageOf('ex_2', hash)).toBeUndefined()
})

test('a secret that was changed still opens what was made before, until it is forgotten', () => {
  const hash = holdSecrets({ current: old }).hashOf(id)
  expect(holdSecrets({ current: fresh, previous: old }).preimageOf(id, hash)).toBe(holdSecrets({ current: old }).preimageOf(id, hash))
  expect(holdSecrets({ current: fresh }).preimageOf(id, hash)).toBeUndefined()
})
