import { GatewayError } from '../errors/gatewayError.ts'
import { doubtCases, fileCases, silenceCases } from './doubtCases.ts'
import { payingCases } from './payingCases.ts'
import type { Ability, RailCase, RailUnderTest } from './railUnderTest.ts'
import { receivingCases } from './receivingCases.ts'

/**
 * What every rail must do, as cases to hand to a test runner one by one: `for (const { name, run } of railCases(() => world)) test(name, run)`. `world` is
 * asked when a case runs. The cases of an ability run when it is named.
 */
export function railCases(world: () => RailUnderTest, abilities: readonly Ability[] = []): readonly RailCase[] {
  const of = { receives: receivingCases, silence: silenceCases, files: fileCases }
  const unknown = abilities.filter((ability) => !(ability in of))
  if (unknown.length > 0)
    throw new GatewayError('invalid_request', `There is no ability ${unknown.join(', ')}: receives, silence and files are`)
  return [...payingCases(world), ...doubtCases(world), ...abilities.flatMap((ability) => of[ability](world))]
}
