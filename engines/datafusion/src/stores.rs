//! Object stores by URL, made when they are first asked for.

use std::sync::{Arc, Mutex, PoisonError};

use datafusion::error::Result;
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use datafusion::object_store::ObjectStore;
use dingtalk_storage_object_store::DingtalkStoreBuilder;
use url::{Position, Url};

const SCHEME: &str = "dingtalk";

/// Finds the store of a URL: for `dingtalk://SPACE` the space, made when it is first asked for; for anything else what was
/// registered, and the disk.
///
/// A process needs one. What is shared keeps what it has seen: folders that were listed, URLs that were signed.
#[derive(Debug)]
pub struct Stores {
    settings: DingtalkStoreBuilder,
    known: DefaultObjectStoreRegistry,
    /// Held while a store is made, so that two who ask at once get the same.
    making: Mutex<()>,
}

impl Stores {
    /// Spaces with the connection and the settings of a builder; which space it is of is said by each URL.
    pub fn new(settings: DingtalkStoreBuilder) -> Self {
        Self { settings, known: DefaultObjectStoreRegistry::new(), making: Mutex::new(()) }
    }

    /// Spaces with the connection and the settings that the environment names.
    pub fn from_env() -> Self {
        Self::new(DingtalkStoreBuilder::from_env())
    }
}

impl ObjectStoreRegistry for Stores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.known.register_store(url, store)
    }

    fn deregister_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        self.known.deregister_store(url)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        let found = self.known.get_store(url);
        if found.is_ok() || url.scheme() != SCHEME {
            return found;
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        self.known.get_store(url).or_else(|_| {
            // With all that may stand before a path, for the builder refuses what is no space.
            let space = &url[..Position::BeforePath];
            let store: Arc<dyn ObjectStore> = Arc::new(self.settings.clone().with_url(space).build()?);
            self.known.register_store(url, Arc::clone(&store));
            Ok(store)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn stores() -> Stores {
        let options = [("region", "international"), ("app_key", "key"), ("app_secret", "secret"), ("operator", "ada")];
        let settings =
            options.into_iter().fold(DingtalkStoreBuilder::new(), |all, (key, value)| all.with_option(key, value));
        Stores::new(settings)
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_space_is_one_store_whatever_lies_in_it() {
        let stores = stores();
        let sales = stores.get_store(&url("dingtalk://Az7/sales/")).unwrap();
        assert_eq!(sales.to_string(), "DingtalkStore(dingtalk://Az7/)");
        assert!(Arc::ptr_eq(&sales, &stores.get_store(&url("dingtalk://Az7/returns/2026/")).unwrap()));
        assert!(!Arc::ptr_eq(&sales, &stores.get_store(&url("dingtalk://az7/sales/")).unwrap()));
    }

    #[test]
    fn what_was_registered_goes_first_and_the_disk_is_there() {
        let stores = stores();
        let disk = stores.get_store(&url("file:///tmp/a.parquet")).unwrap();
        stores.register_store(&url("dingtalk://7"), Arc::clone(&disk));
        assert!(Arc::ptr_eq(&disk, &stores.get_store(&url("dingtalk://7/a/")).unwrap()));
        stores.deregister_store(&url("dingtalk://7")).unwrap();
        assert_eq!(stores.get_store(&url("dingtalk://7/a/")).unwrap().to_string(), "DingtalkStore(dingtalk://7/)");
    }

    #[test]
    fn what_is_missing_is_said() {
        let told = |stores: &Stores, text| stores.get_store(&url(text)).unwrap_err().to_string();
        assert!(told(&Stores::new(DingtalkStoreBuilder::new()), "dingtalk://7/a/").contains("DINGTALK_OPERATOR"));
        assert!(told(&stores(), "dingtalk:///a/").contains("dingtalk://SPACE"));
        assert!(told(&stores(), "dingtalk://7:1/a/").contains("dingtalk://SPACE"));
        assert!(told(&stores(), "s3://bucket/a/").contains("s3://bucket"));
    }
}
