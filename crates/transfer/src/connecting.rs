//! Drives set up by settings.

use dingtalk_storage::runtime::NamedSettings;
use dingtalk_storage::types::UnionId;
use dingtalk_storage::{Client, ClientBuilder, Error};

use crate::Drive;

impl Drive {
    /// A drive as settings say: where the API is, which app calls it, and for whom. What `NamedSettings::from_env` reads is
    /// documented at `ClientBuilder::from_env`, and `DINGTALK_OPERATOR` is the operator. Nothing is sent.
    ///
    /// # Errors
    ///
    /// If no server, no credentials or no operator is named, and for values that cannot be; they call settings as these
    /// are written.
    pub fn from_settings(settings: &NamedSettings<'_>) -> Result<Self, Error> {
        let operator = UnionId::new(settings.operator()?);
        settings.check_credentials()?;
        let client: Client = ClientBuilder::from_settings(settings)?.build()?;
        Ok(Self::new(&client.operator(&operator)))
    }
}
