package dev.sluice.jobs.flights.bench;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Trips for who has no real ones: as many, as wide and about as varied, and some of them wrong. */
final class MadeUpTrips {
  private static final int TRIPS = 120_000;

  private MadeUpTrips() {}

  static Dataset<Row> of(SparkSession spark) {
    return spark
        .range(TRIPS)
        .selectExpr(
            "id",
            "pmod(xxhash64(id), 1000000) / 1000000D AS chance",
            "timestamp_seconds(1546300800 + pmod(xxhash64(id, 1), 31536000)) AS pickup_datetime",
            "round(pow(pmod(xxhash64(id, 2), 1000) / 1000D, 3) * 25, 2) AS trip_distance")
        .selectExpr(
            "CAST(1 + id % 2 AS INT) AS vendor_id",
            "pickup_datetime",
            "pickup_datetime + make_dt_interval(0, 0, 0, 60 + trip_distance * 240) AS dropoff_datetime",
            "CAST(IF(chance < 0.01, NULL, 1 + pmod(hash(id), 6)) AS INT) AS passenger_count",
            "trip_distance",
            "CAST(IF(chance < 0.002, 99, 1) AS INT) AS rate_code_id",
            "IF(id % 200 = 0, 'Y', 'N') AS store_and_fwd_flag",
            "CAST(1 + pmod(hash(id, 3), 265) AS INT) AS pickup_location_id",
            "CAST(1 + pmod(hash(id, 4), 265) AS INT) AS dropoff_location_id",
            "CAST(1 + pmod(hash(id, 5), 4) AS INT) AS payment_type",
            "round(IF(chance < 0.003, -1, 1) * (2.5 + trip_distance * 2.6), 2) AS fare_amount",
            "IF(id % 3 = 0, 0.5D, 0D) AS extra",
            "IF(chance < 0.005, 0D, 0.5D) AS mta_tax",
            "round(trip_distance * pmod(hash(id, 6), 100) / 100D, 2) AS tip_amount",
            "IF(id % 20 = 0, 5.76D, 0D) AS tolls_amount",
            "0.3D AS improvement_surcharge",
            "round(IF(chance < 0.003, -1, 1) * (4 + trip_distance * 3), 2) AS total_amount",
            "IF(id % 4 = 0, 0D, 2.5D) AS congestion_surcharge");
  }
}
