export { type DevDeployment, type DevProvider, deployOnDevNetwork } from '../../adapters/evm/deployment/deployOnDevNetwork.ts'
