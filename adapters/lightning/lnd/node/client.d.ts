/** What we use of the inside of `lightning` 12.5.0: its own `authenticatedLndGrpc` takes no options for the link. */
declare module 'lightning/lnd_grpc/grpc_credentials.js' {
  const grpcCredentials: (access: { cert?: string; macaroon: string }) => { credentials: object }
  export default grpcCredentials
}

declare module 'lightning/lnd_grpc/api_for_proto.js' {
  const apiForProto: (of: {
    credentials: object
    params: Readonly<Record<string, number>>
    path: string
    service: string
    socket: string
    type: string
  }) => object
  export default apiForProto
}

declare module 'lightning/grpc/index.js' {
  const grpc: {
    packageTypes: Readonly<Record<string, string>>
    protoFiles: Readonly<Record<string, string>>
    serviceTypes: Readonly<Record<string, string>>
  }
  export default grpc
}
