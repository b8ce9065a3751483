"""Feature groups: made from a data frame, filled by threads and processes, read back."""
import time
import numpy
import pandas
from sagemaker.feature_store.feature_group import FeatureGroup
from sagemaker.feature_store.feature_store import FeatureStore
from sagemaker.feature_store.inputs import FeatureParameter, FeatureValue, Identifier, TableFormatEnum
from sdk import bucket, refused, role, session

count = 60
frame = pandas.DataFrame({
    "customer": pandas.Series([f"c{number}" for number in range(count)], dtype="string"),
    "age": numpy.arange(count) + 20, "score": numpy.linspace(0, 1, count), "time": pandas.Series([1700000000.0] * count)})
frame.loc[0, "score"] = numpy.nan

group = FeatureGroup(name="customers", sagemaker_session=session)
definitions = group.load_feature_definitions(data_frame=frame)
assert [(definition.feature_name, definition.feature_type.value) for definition in definitions] == [
    ("customer", "String"), ("age", "Integral"), ("score", "Fractional"), ("time", "Fractional")], definitions
group.create(
    s3_uri=f"s3://{bucket}/features", record_identifier_name="customer", event_time_feature_name="time", role_arn=role, enable_online_store=True,
    description="the customers", tags=[{"Key": "team", "Value": "ml"}])
while group.describe()["FeatureGroupStatus"] == "Creating":
    time.sleep(0.1)
described = group.describe()
assert described["FeatureGroupStatus"] == "Created" and described["OnlineStoreConfig"]["EnableOnlineStore"], described
assert [tag.get("Key") for tag in group.list_tags()] == ["team"]

manager = group.ingest(data_frame=frame, max_workers=3, max_processes=2, wait=True)
assert manager.failed_rows == [], manager.failed_rows


def record(customer, **more):
    values = group.get_record(record_identifier_value_as_string=customer, **more)
    return values and {value["FeatureName"]: value["ValueAsString"] for value in values}


assert record("c0") == {"customer": "c0", "age": "20", "time": "1700000000.0"}, record("c0")
assert float(record("c59")["score"]) == 1.0 and record("c59")["age"] == "79"
assert record("c59", feature_names=["age"]) == {"age": "79"}
group.put_record([FeatureValue("customer", "c0"), FeatureValue("age", "90"), FeatureValue("time", "1700000001.0")])
assert record("c0")["age"] == "90"
group.delete_record("c0", "1700000002.0")
assert record("c0") is None

store = FeatureStore(sagemaker_session=session)
found = store.list_feature_groups(name_contains="custom")["FeatureGroupSummaries"]
assert [summary["FeatureGroupName"] for summary in found] == ["customers"], found
searched = store.search(resource="FeatureGroup")
assert [result["FeatureGroup"]["FeatureGroupName"] for result in searched["Results"]] == ["customers"], searched
batch = store.batch_get_record(identifiers=[Identifier("customers", ["c1", "c2"])])
assert len(batch["Records"]) == 2, batch

group.update_feature_metadata("age", description="in years", parameter_additions=[FeatureParameter("unit", "year")])
metadata = group.describe_feature_metadata("age")
assert (metadata["Description"], metadata["Parameters"]) == ("in years", [{"Key": "unit", "Value": "year"}]), metadata

# the offline store is queried by Athena on AWS, which is not there
def query():
    asked = group.athena_query()
    asked.run(query_string=f"SELECT * FROM {asked.table_name}", output_location=f"s3://{bucket}/results")
refused(query, "athena")
refused(lambda: store.create_dataset(base=group, output_path=f"s3://{bucket}/dataset").to_csv_file(), "athena")
iceberg = FeatureGroup(name="iceberg", sagemaker_session=session, feature_definitions=definitions)
refused(lambda: iceberg.create(
    s3_uri=f"s3://{bucket}/features", record_identifier_name="customer", event_time_feature_name="time", role_arn=role, table_format=TableFormatEnum.ICEBERG), "Iceberg")
group.delete()
refused(group.describe, "customers")
