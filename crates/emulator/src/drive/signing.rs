//! Signed URLs, as the transfer operations hand them out.

use serde_json::{Value, json};

use crate::call::Call;
use crate::storage::{BUCKET, EXPIRATION_SECONDS, Signer};

/// Where bytes go to or come from: a `HeaderSignatureInfo`. `query` is the part of the URL that belongs to the
/// signature, such as `partNumber=1&uploadId=..`, or empty.
pub fn signature_info(call: &Call<'_>, verb: &str, object: &str, query: &str) -> Value {
    let (resource, headers) = sign(call, verb, object, query);
    let region = call.input.text_of("option.preferRegion").unwrap_or("ZHANGJIAKOU");
    json!({
        "resourceUrls": [format!("{}{resource}", call.storage_url)],
        "headers": headers,
        "expirationSeconds": EXPIRATION_SECONDS,
        "region": region,
        // Documented as unused, so it leads nowhere.
        "internalResourceUrls": [format!("http://oss-internal.invalid{resource}")],
    })
}

/// The same for one URL, as Drive 1.0 has it: the URL, the one inside the provider's network, and the headers.
pub fn sts_signature(call: &Call<'_>, verb: &str, object: &str) -> (String, String, Value) {
    let (resource, headers) = sign(call, verb, object, "");
    (format!("{}{resource}", call.storage_url), format!("http://oss-internal.invalid{resource}"), headers)
}

fn sign(call: &Call<'_>, verb: &str, object: &str, query: &str) -> (String, Value) {
    let path = format!("/{BUCKET}/{object}");
    let resource = if query.is_empty() { path } else { format!("{path}?{query}") };
    let (id, secret) = &call.world.storage_key;
    let date = call.now().http();
    let authorization = Signer { id, secret }.authorization(verb, &date, &resource);
    (resource, json!({ "Authorization": authorization, "x-oss-date": date }))
}
