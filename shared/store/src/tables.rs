//! The schemas of the two tables, for the local host, the tests and `infra/tables.json`.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TableDescription,
};
use serde::Serialize;

use crate::error::StoreError;
use crate::store::Store;

/// The schema of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The name, without the prefix of a deployment.
    pub name: &'static str,
    /// The contents, in one line.
    pub description: &'static str,
    /// The partition key, a string.
    pub partition_key: &'static str,
    /// The sort key, a string.
    pub sort_key: &'static str,
    /// The global secondary index, if the table has one.
    pub index: Option<Index>,
    /// The view type of the stream, if the table has one.
    pub stream: Option<&'static str>,
    /// The attribute with the time, in seconds since 1970, after which DynamoDB deletes the item.
    pub ttl: &'static str,
}

/// A global secondary index that contains keys only. Items without its attributes are not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Index {
    /// The name of the index.
    pub name: &'static str,
    /// The purpose, in one line.
    pub description: &'static str,
    /// The partition key, a string.
    pub partition_key: &'static str,
    /// The sort key, a string.
    pub sort_key: &'static str,
}

/// The index of `core`. It only finds items: the items that are found are read again by their keys,
/// so no decision depends on the index.
pub const LISTING: Index = Index {
    name: "listing",
    description: "members by role, by name and by address; resources by kind",
    partition_key: "LPK",
    sort_key: "LSK",
};

/// The schemas of both tables.
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
    /// Creates the missing tables, for development and tests. Terraform creates the tables of a
    /// deployment.
    ///
    /// # Errors
    /// [`StoreError`] if a call fails, or if an existing table was created by an earlier version
    /// and lacks an index or a stream.
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

/// Rejects a table of an earlier version, which lacks the index or the stream.
async fn is_whole(client: &Client, table: &Table, name: &str) -> Result<(), StoreError> {
    let described = client
        .describe_table()
        .table_name(name)
        .send()
        .await
        .map_err(|error| StoreError::sdk("DescribeTable", error))?;
    let described = described.table.unwrap_or_else(|| TableDescription::builder().build());
    let outdated = |missing: &str| {
        StoreError::new(format!(
            "the table `{name}` of an earlier version lacks {missing}: use an empty data file"
        ))
    };
    if let Some(index) = table.index
        && described
            .global_secondary_indexes()
            .iter()
            .all(|known| known.index_name() != Some(index.name))
    {
        return Err(outdated(&format!("the index {}", index.name)));
    }
    if table.stream.is_some()
        && described.stream_specification().is_none_or(|stream| !stream.stream_enabled())
    {
        return Err(outdated("a stream"));
    }
    Ok(())
}
