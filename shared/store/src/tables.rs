//! The two tables: one description for the local host, the tests, and `infra/tables.json`.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TableDescription,
};
use serde::Serialize;

use crate::error::StoreError;
use crate::store::Store;

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name, before a deployment's own prefix.
    pub name: &'static str,
    /// What it holds.
    pub description: &'static str,
    /// The partition key, a string.
    pub partition_key: &'static str,
    /// The sort key, a string.
    pub sort_key: &'static str,
    /// Its index, where it has one.
    pub index: Option<Index>,
    /// What its stream shows, where it has one.
    pub stream: Option<&'static str>,
    /// The attribute after whose time (in seconds since 1970) DynamoDB deletes an item.
    pub ttl: &'static str,
}

/// A global secondary index of keys alone: only items that have its keys are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The partition key, a string.
    pub partition_key: &'static str,
    /// The sort key, a string.
    pub sort_key: &'static str,
}

/// The index of `core`. Nothing is decided by it: what it finds is read by its keys.
pub const LISTING: Index = Index {
    name: "listing",
    description: "members by role, by name and by address; resources by kind",
    partition_key: "LPK",
    sort_key: "LSK",
};

/// Every table.
pub const TABLES: [Table; 2] = [
    Table {
        name: "core",
        description: "organizations, members, invitations, audit records, idempotency records",
        partition_key: "PK",
        sort_key: "SK",
        index: Some(LISTING),
        stream: Some("NEW_AND_OLD_IMAGES"),
        ttl: "ttl",
    },
    Table {
        name: "usage",
        description: "usage events and their rollups",
        partition_key: "PK",
        sort_key: "SK",
        index: None,
        stream: Some("NEW_IMAGE"),
        ttl: "ttl",
    },
];

impl Store {
    /// Creates the tables that are not there yet: for development and tests; a deployment's tables
    /// come from its infrastructure as code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn create_tables(&self) -> Result<(), StoreError> {
        for table in TABLES {
            create(self.client(), &table, self.settings.table(table.name)).await?;
        }
        Ok(())
    }
}

async fn create(client: &Client, table: &Table, name: &str) -> Result<(), StoreError> {
    let incomplete =
        |error: aws_sdk_dynamodb::error::BuildError| StoreError::new(error.to_string());
    let keys = |partition: &str, sort: &str| {
        [(partition, KeyType::Hash), (sort, KeyType::Range)]
            .into_iter()
            .map(|(name, role)| {
                KeySchemaElement::builder().attribute_name(name).key_type(role).build()
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let mut call = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(keys(table.partition_key, table.sort_key).map_err(incomplete)?));
    let mut attributes = vec![table.partition_key, table.sort_key];
    if let Some(index) = table.index {
        attributes.extend([index.partition_key, index.sort_key]);
        let index = GlobalSecondaryIndex::builder()
            .index_name(index.name)
            .set_key_schema(Some(keys(index.partition_key, index.sort_key).map_err(incomplete)?))
            .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build());
        call = call.global_secondary_indexes(index.build().map_err(incomplete)?);
    }
    for attribute in attributes {
        let text = AttributeDefinition::builder()
            .attribute_name(attribute)
            .attribute_type(ScalarAttributeType::S);
        call = call.attribute_definitions(text.build().map_err(incomplete)?);
    }
    if let Some(view) = table.stream {
        let stream = StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(StreamViewType::from(view));
        call = call.stream_specification(stream.build().map_err(incomplete)?);
    }
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ResourceInUseException") => {
            is_whole(client, table, name).await
        }
        Err(error) => Err(StoreError::sdk("CreateTable", error)),
    }
}

/// A table that was there before has its index and its stream, unless an earlier version made it.
async fn is_whole(client: &Client, table: &Table, name: &str) -> Result<(), StoreError> {
    let described = client
        .describe_table()
        .table_name(name)
        .send()
        .await
        .map_err(|error| StoreError::sdk("DescribeTable", error))?;
    let described = described.table.unwrap_or_else(|| TableDescription::builder().build());
    let earlier = |without: &str| {
        StoreError::new(format!(
            "the table {name} is of an earlier version, without {without}: start with other data"
        ))
    };
    if let Some(index) = table.index
        && described
            .global_secondary_indexes()
            .iter()
            .all(|known| known.index_name() != Some(index.name))
    {
        return Err(earlier(&format!("the index {}", index.name)));
    }
    if table.stream.is_some()
        && described.stream_specification().is_none_or(|stream| !stream.stream_enabled())
    {
        return Err(earlier("a stream"));
    }
    Ok(())
}
