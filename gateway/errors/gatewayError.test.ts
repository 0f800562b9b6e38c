import { expect, test } from 'vitest'
import { catalog } from './catalog.ts'
import { gatewayCatalog } from './gatewayCatalog.ts'
import { GatewayError, isGatewayError } from './gatewayError.ts'
import { groundCatalog } from './groundCatalog.ts'
import { GroundError } from './groundError.ts'
import { programCatalog } from './programCatalog.ts'
import { proofCatalog } from './proofCatalog.ts'
import { sessionCatalog } from './sessionCatalog.ts'

test('a refusal of the ground is the same to everybody as one of the gateway by that code', () => {
  const [ground, gateway] = [new GroundError('invalid_amount', 'no amount'), new GatewayError('invalid_amount', 'no amount')]
  expect({ ...ground, message: ground.message }).toEqual({ ...gateway, message: gateway.message })
  for (const error of [ground, gateway]) {
    expect([isGatewayError(error), isGatewayError(error, 'invalid_amount'), isGatewayError(error, 'not_found')]).toEqual([
      true,
      true,
      false,
    ])
  }
  expect(isGatewayError(new Error('invalid_amount'))).toBe(false)
})

test('no code stands in two parts of the catalog', () => {
  const parts = [gatewayCatalog, groundCatalog, proofCatalog, sessionCatalog, programCatalog].flatMap((part) => Object.keys(part))
  expect(new Set(parts).size).toBe(parts.length)
  expect(Object.keys(catalog).sort()).toEqual(parts.sort())
})
