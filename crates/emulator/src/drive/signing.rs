//! Signed URLs, as the transfer operations hand them out.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::call::Call;
use crate::storage::{EXPIRATION_SECONDS, PREFIX, Signer, string_to_sign_at};

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

/// A URL that works without headers, for a quarter of an hour.
pub fn presigned(call: &Call<'_>, verb: &str, object: &str) -> String {
    let resource = format!("/{PREFIX}/{object}");
    let (id, secret) = &call.world.storage_key;
    let expires = (call.now().0 / 1000 + EXPIRATION_SECONDS).to_string();
    let signer = Signer { id, secret };
    let signature = signer.sign(&string_to_sign_at(verb, &http::HeaderMap::new(), &expires, &resource));
    let signature = utf8_percent_encode(&signature, NON_ALPHANUMERIC);
    format!("{}{resource}?OSSAccessKeyId={id}&Expires={expires}&Signature={signature}", call.storage_url)
}

fn sign(call: &Call<'_>, verb: &str, object: &str, query: &str) -> (String, Value) {
    let path = format!("/{PREFIX}/{object}");
    let resource = if query.is_empty() { path } else { format!("{path}?{query}") };
    let (id, secret) = &call.world.storage_key;
    let date = call.now().http();
    let authorization = Signer { id, secret }.authorization(verb, &date, &resource);
    (resource, json!({ "Authorization": authorization, "x-oss-date": date }))
}
