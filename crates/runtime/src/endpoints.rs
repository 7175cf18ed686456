//! Which servers a client calls: that of the API, and that of its older part.

use std::fmt;
use std::str::FromStr;

use crate::origin::Origin;
use crate::{Error, NamedSettings, Region};

/// What the user says about the servers.
#[derive(Clone, Default)]
pub(crate) struct Endpoints {
    pub(crate) region: Option<Region>,
    pub(crate) api: Option<String>,
    pub(crate) oapi: Option<String>,
    pub(crate) allows_plain: bool,
}

/// The addresses may hold passwords, as long as nobody has looked.
impl fmt::Debug for Endpoints {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Endpoints").field("region", &self.region).finish_non_exhaustive()
    }
}

/// The servers of a client. The older one is none where nobody knows which it is.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) api: Origin,
    pub(crate) oapi: Option<Origin>,
}

const API: &str = "the server";
const OAPI: &str = "the older API's server";
/// Neither region serves the apps of the other, and a wrong guess shows as a wrong secret.
const NOWHERE: &str = "nothing says which server to call: for an organization in mainland China set \
     `region(Region::Mainland)`, for any other `region(Region::International)` (with `from_env` also by \
     DINGTALK_REGION=mainland or DINGTALK_REGION=international); another server is named by `base_url` (DINGTALK_ENDPOINT)";
const REGIONS: [Region; 2] = [Region::International, Region::Mainland];

impl Region {
    fn api(self) -> &'static str {
        match self {
            Self::International => "https://api.dingtalk.io",
            Self::Mainland => "https://api.dingtalk.com",
        }
    }

    fn oapi(self) -> &'static str {
        match self {
            Self::International => "https://oapi.dingtalk.io",
            Self::Mainland => "https://oapi.dingtalk.com",
        }
    }

    /// Reads `DINGTALK_REGION`, if it is set.
    pub fn from_env() -> Result<Option<Self>, Error> {
        NamedSettings::from_env().region()
    }
}

/// `international` or `mainland`.
impl FromStr for Region {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        match name.trim().to_ascii_lowercase().as_str() {
            "international" => Ok(Self::International),
            "mainland" => Ok(Self::Mainland),
            _ => Err(Error::configuration("the region is unknown; it is `international` or `mainland`")),
        }
    }
}

impl Endpoints {
    pub(crate) fn of(settings: &NamedSettings<'_>) -> Result<Self, Error> {
        Ok(Self {
            region: settings.region()?,
            api: settings.text("endpoint"),
            oapi: settings.text("oapi_endpoint"),
            allows_plain: settings.truth("allow_plain_http")?.unwrap_or_default(),
        })
    }

    /// A region names both servers, and where one of them was given that belongs to a region, so does the other. What
    /// stands on this machine stands for both. Of any other server nobody knows the second.
    pub(crate) fn servers(&self) -> Result<Servers, Error> {
        let read = |address: &Option<String>, what| {
            address.as_deref().map(|address| Origin::new(address, what, self.allows_plain)).transpose()
        };
        let (api, oapi) = (read(&self.api, API)?, read(&self.oapi, OAPI)?);
        let known = |address: &'static str, what| Origin::new(address, what, false);
        if let Some(region) = api.as_ref().and_then(|api| region_of(api, Region::oapi)) {
            return Err(Error::configuration(format!(
                "{} is the server of the older API; the address of the API is {}",
                region.oapi(),
                region.api()
            )));
        }
        let of_oapi = oapi.as_ref().and_then(|oapi| region_of(oapi, Region::api));
        if let Some(region) = of_oapi {
            return Err(Error::configuration(format!(
                "{} is not the server of the older API; that is {}",
                region.api(),
                region.oapi()
            )));
        }
        let api = if let Some(api) = api {
            api
        } else {
            let region = self.region.or_else(|| oapi.as_ref().and_then(|oapi| region_of(oapi, Region::oapi)));
            known(region.ok_or_else(|| Error::configuration(NOWHERE))?.api(), API)?
        };
        let oapi = match (oapi, region_of(&api, Region::api)) {
            (Some(oapi), _) => Some(oapi),
            (None, Some(region)) => Some(known(region.oapi(), OAPI)?),
            (None, None) if api.is_loopback() => Some(api.clone()),
            (None, None) => None,
        };
        Ok(Servers { api, oapi })
    }
}

/// The region whose server this is.
fn region_of(origin: &Origin, server: fn(Region) -> &'static str) -> Option<Region> {
    REGIONS.into_iter().find(|region| server(*region) == origin.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    const IO: (&str, Option<&str>) = ("https://api.dingtalk.io", Some("https://oapi.dingtalk.io"));
    const COM: (&str, Option<&str>) = ("https://api.dingtalk.com", Some("https://oapi.dingtalk.com"));

    fn endpoints(region: Option<Region>, api: Option<&str>, oapi: Option<&str>) -> Endpoints {
        let owned = |address: Option<&str>| address.map(str::to_owned);
        Endpoints { region, api: owned(api), oapi: owned(oapi), allows_plain: true }
    }

    #[test]
    fn the_second_server_is_known_or_asked_for_and_never_guessed() {
        use Region::{International, Mainland};
        let gate = Some("https://gate.example/ding");
        let cases = [
            ((Some(International), None, None), IO),
            ((Some(Mainland), None, None), COM),
            ((None, Some("https://api.dingtalk.com"), None), COM),
            ((None, Some("https://API.dingtalk.com:443/"), None), COM),
            ((Some(Mainland), Some("https://api.dingtalk.io/"), None), IO),
            ((None, None, Some("https://oapi.dingtalk.com")), COM),
            ((Some(International), None, Some("https://oapi.dingtalk.com")), (IO.0, COM.1)),
            ((None, gate, None), ("https://gate.example/ding", None)),
            ((Some(Mainland), gate, None), ("https://gate.example/ding", None)),
            ((None, Some("https://api.dingtalk.com:8443"), None), ("https://api.dingtalk.com:8443", None)),
            ((None, Some("https://api.dingtalk.com/x"), None), ("https://api.dingtalk.com/x", None)),
            ((None, Some("http://api.dingtalk.com"), None), ("http://api.dingtalk.com", None)),
            ((None, gate, Some("https://old.example")), ("https://gate.example/ding", Some("https://old.example"))),
            ((Some(International), None, Some("https://old.example")), (IO.0, Some("https://old.example"))),
            ((None, Some("http://127.0.0.1:80"), None), ("http://127.0.0.1", Some("http://127.0.0.1"))),
            ((None, Some("http://emulator:80"), None), ("http://emulator", None)),
        ];
        for ((region, api, oapi), expected) in cases {
            let servers = endpoints(region, api, oapi).servers().unwrap();
            let found = (servers.api.as_str(), servers.oapi.as_ref().map(Origin::as_str));
            assert_eq!(found, expected, "{region:?} {api:?} {oapi:?}");
        }
    }

    #[test]
    fn no_region_is_the_default() {
        for oapi in [None, Some("https://old.example"), Some("http://127.0.0.1:1")] {
            let error = endpoints(None, None, oapi).servers().unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Configuration);
            for way in
                ["Region::Mainland", "Region::International", "DINGTALK_REGION=", "base_url", "DINGTALK_ENDPOINT"]
            {
                assert!(error.to_string().contains(way), "{way}: {error}");
            }
        }
    }

    #[test]
    fn servers_that_were_mixed_up_are_told() {
        let error = endpoints(None, Some("https://oapi.dingtalk.com"), None).servers().unwrap_err().to_string();
        assert!(error.contains("the address of the API is https://api.dingtalk.com"), "{error}");
        let error = endpoints(None, None, Some("https://api.dingtalk.io/")).servers().unwrap_err().to_string();
        assert!(error.contains("that is https://oapi.dingtalk.io"), "{error}");
        let error = endpoints(None, None, Some("oapi.dingtalk.io")).servers().unwrap_err().to_string();
        assert!(error.contains("the older API's server has no scheme"), "{error}");
    }

    #[test]
    fn regions_have_names() {
        assert_eq!("Mainland".parse::<Region>().unwrap(), Region::Mainland);
        assert_eq!(" international ".parse::<Region>().unwrap(), Region::International);
        assert!("china".parse::<Region>().unwrap_err().to_string().contains("`mainland`"));
    }
}
