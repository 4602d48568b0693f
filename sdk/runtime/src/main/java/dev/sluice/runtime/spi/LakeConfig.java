package dev.sluice.runtime.spi;

import dev.sluice.model.Default;
import dev.sluice.model.Doc;
import dev.sluice.model.Key;
import dev.sluice.model.Secret;
import java.time.Duration;

/** Where the lake is and how it is reached; bound like the settings of a job. */
public record LakeConfig(
    @Default("file:lake")
        @Doc(
            "Root folder of all tables: file:///… or s3://bucket/prefix. Relative file: paths begin in the working folder.")
        @Key("lake.warehouse")
        String lakeWarehouse,
    @Default("embedded")
        @Doc("Catalog of the tables: embedded, glue, hive or rest.")
        @Key("lake.catalog")
        String lakeCatalog,
    @Default("")
        @Doc("JDBC address of the embedded catalog; a file in the warehouse by default.")
        @Key("lake.catalog.uri")
        String lakeCatalogUri,
    @Default("sluice.receipts")
        @Doc("Iceberg table of the audit log, one line a run; 'none' keeps no log.")
        @Key("lake.audit-log")
        String lakeAuditLog,
    @Default("PT72H")
        @Doc(
            "The longest that a run or a reader of a table takes, 24 hours or more: maintenance touches nothing younger.")
        @Key("lake.longest-run")
        Duration lakeLongestRun,
    @Default("PT0S")
        @Doc(
            "How long rejected rows stay in quarantine, 24 hours or more: maintenance of their table drops older ones. PT0S keeps them for ever.")
        @Key("lake.quarantine-kept")
        Duration lakeQuarantineKept,
    @Default("us-east-1") @Doc("AWS region of the lake.") @Key("lake.region") String lakeRegion,
    @Default("")
        @Doc("Address of AWS Glue, where it is not the region's own.")
        @Key("lake.glue.endpoint")
        String lakeGlueEndpoint,
    @Default("false")
        @Doc("Whether registering a table of files gives its partitions an index in AWS Glue.")
        @Key("lake.glue.partition-index")
        boolean lakeGluePartitionIndex,
    @Default("100")
        @Doc(
            "How many older versions of a table's entry stay in AWS Glue where the table is registered.")
        @Key("lake.glue.versions")
        int lakeGlueVersions,
    @Default("")
        @Doc("Address of the Hive Metastore: thrift://host:port, several with commas.")
        @Key("lake.hive.uri")
        String lakeHiveUri,
    @Default("") @Doc("Address of the Iceberg REST catalog: https://host/…") @Key("lake.rest.uri")
        String lakeRestUri,
    @Default("")
        @Doc("Name of the warehouse at the REST catalog, where it has several.")
        @Key("lake.rest.warehouse")
        String lakeRestWarehouse,
    @Default("") @Doc("OAuth2 bearer token for the REST catalog.") @Key("lake.rest.token")
        Secret lakeRestToken,
    @Default("")
        @Doc("OAuth2 client id:secret, for which the REST catalog's tokens are issued.")
        @Key("lake.rest.credential")
        Secret lakeRestCredential,
    @Default("")
        @Doc("Address that issues tokens for the credential; by default the REST catalog's own.")
        @Key("lake.rest.oauth2-uri")
        String lakeRestOauth2Uri,
    @Default("") @Doc("OAuth2 scope that is asked for.") @Key("lake.rest.scope")
        String lakeRestScope,
    @Default("")
        @Doc("Address of the S3 server, where it is not the region's own.")
        @Key("lake.s3.endpoint")
        String lakeS3Endpoint,
    @Default("false")
        @Doc("Whether bucket names stand in the path instead of the host name.")
        @Key("lake.s3.path-style")
        boolean lakeS3PathStyle,
    @Default("")
        @Doc(
            "Id or ARN of the AWS KMS key with which S3 has to encrypt what is written; without it, S3 does as the bucket says.")
        @Key("lake.s3.kms-key")
        String lakeS3KmsKey,
    @Default("")
        @Doc("Where the keys of encrypted tables are: keystore or aws-kms.")
        @Key("lake.keys")
        String lakeKeys,
    @Default("") @Doc("File of keys in the format PKCS12.") @Key("lake.keys.keystore")
        String lakeKeysKeystore,
    @Default("") @Doc("Password of that file.") @Key("lake.keys.password") Secret lakeKeysPassword,
    @Default("")
        @Doc("Address of AWS KMS, where it is not the region's own.")
        @Key("lake.kms.endpoint")
        String lakeKmsEndpoint,
    @Default("false")
        @Doc(
            "Whether you see to it that a Delta table on s3: is written by one run at a time; without it such tables are refused.")
        @Key("lake.delta.single-writer")
        boolean lakeDeltaSingleWriter,
    @Default("")
        @Doc(
            "Hosts that may be reached without TLS, with commas between; this machine needs no name.")
        @Key("security.plaintext")
        String securityPlaintext,
    @Default("*") @Doc("Cores that Spark uses in this process; * for all.") @Key("spark.cores")
        String sparkCores,
    @Default("local")
        @Doc(
            "Where Spark works: local, in this process, or executors(2) or executors(1..8), in pods beside this one.")
        @Key("spark.scale")
        String sparkScale,
    @Default("")
        @Doc("Memory of an executor's container, such as 4Gi; that of this one by default.")
        @Key("spark.executor-memory")
        String sparkExecutorMemory,
    @Default("")
        @Doc("Cores of an executor's container, such as 2; those of this one by default.")
        @Key("spark.executor-cpu")
        String sparkExecutorCpu,
    @Default("PT5M")
        @Doc("How long tasks wait for the first executor before the run ends.")
        @Key("spark.executor-wait")
        Duration sparkExecutorWait,
    @Default("0")
        @Doc("Partitions of a shuffle; 0 for as many as the size of the inputs asks for.")
        @Key("spark.shuffle-partitions")
        int sparkShufflePartitions,
    @Default("lake")
        @Doc(
            "Where Spark's event logs lie: lake, in the folder _sluice/events of the warehouse, none, or an address.")
        @Key("spark.event-log")
        String sparkEventLog,
    @Default("P30D")
        @Doc("How long those in the warehouse are kept; later runs remove older ones.")
        @Key("spark.event-log-kept")
        Duration sparkEventLogKept,
    @Default("0")
        @Doc("Port of Spark's own pages, 1024 or above, while the run lasts; 0 for none.")
        @Key("spark.ui-port")
        int sparkUiPort,
    @Default("0")
        @Doc("Port at which Prometheus finds /metrics while the run lasts; 0 for none.")
        @Key("metrics.port")
        int metricsPort,
    @Default("")
        @Doc("HOST:PORT of a DogStatsD agent that is told of each run over UDP, when it has ended.")
        @Key("metrics.statsd")
        String metricsStatsd) {}
