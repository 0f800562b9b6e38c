export { type NwcClient, openNwcClient } from '../../adapters/nwc/openNwcClient.ts'
