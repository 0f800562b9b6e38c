//! Pays each path by x402 with x402-reqwest; prints what was answered.

use std::env::args;
use std::sync::Arc;

use alloy_signer_local::PrivateKeySigner;
use reqwest::Client;
use serde_json::json;
use x402_chain_eip155::{V2Eip155ExactClient, V2Eip155UptoClient};
use x402_reqwest::{ReqwestWithPayments, ReqwestWithPaymentsBuild, X402Client};

#[tokio::main]
async fn main() {
    let mut words = args().skip(1);
    let (url, key) = (words.next().unwrap(), words.next().unwrap());
    let signer: Arc<PrivateKeySigner> = Arc::new(key.parse().unwrap());
    let payer = X402Client::new()
        .register(V2Eip155ExactClient::new(signer.clone()))
        .register(V2Eip155UptoClient::new(signer));
    let client = Client::new().with_payments(payer).build();
    let mut answers = Vec::new();
    for path in words {
        let answer = client.get(format!("{url}{path}")).send().await.unwrap();
        let named = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        answers.push(json!({
            "status": answer.status().as_u16(),
            "receipt": named("switchyard-receipt"),
            "said": named("payment-response"),
        }));
    }
    println!("{}", json!(answers));
}
