import { expect, test } from 'vitest'
import { createUnderWay } from './underWay.ts'

test('what is being made counts under each of its names until it stands or has failed, and then leaves nothing', async () => {
  const making = createUnderWay()
  const [stands, fails] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const works = [making.during(['a', 'all'], () => stands.promise), making.during(['b', 'all'], () => fails.promise)]
  const counts = () => ['a', 'b', 'all', 'c'].map(making.of)
  expect(counts()).toEqual([1, 1, 2, 0])
  stands.resolve('made')
  expect([await works[0], counts()]).toEqual(['made', [0, 1, 1, 0]])
  fails.reject(new Error('refused'))
  await expect(works[1]).rejects.toThrow('refused')
  expect(counts()).toEqual([0, 0, 0, 0])
})

test('what is refused before it began leaves nothing either', async () => {
  const making = createUnderWay()
  const refused = making.during(['a'], () => {
    throw new Error('at once')
  })
  await expect(refused).rejects.toThrow('at once')
  expect(making.of('a')).toBe(0)
})
