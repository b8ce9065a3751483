"""boto3's feature groups and records."""
import os
import boto3

sagemaker = boto3.client("sagemaker")
runtime = boto3.client("sagemaker-featurestore-runtime")
sagemaker.create_feature_group(
    FeatureGroupName="clicks", RecordIdentifierFeatureName="id", EventTimeFeatureName="time",
    FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "time", "FeatureType": "Fractional"}],
    OnlineStoreConfig={"EnableOnlineStore": True}, RoleArn=os.environ["SM_EXEC_ROLE_ARN"])
assert sagemaker.describe_feature_group(FeatureGroupName="clicks")["FeatureGroupStatus"] == "Created"
pages = sagemaker.get_paginator("list_feature_groups").paginate(PaginationConfig={"PageSize": 1})
assert [g["FeatureGroupName"] for page in pages for g in page["FeatureGroupSummaries"]] == ["clicks"]
record = [{"FeatureName": "id", "ValueAsString": "a b"}, {"FeatureName": "time", "ValueAsString": "1767225600"}]
runtime.put_record(FeatureGroupName="clicks", Record=record, TargetStores=["OnlineStore"])
assert runtime.get_record(FeatureGroupName="clicks", RecordIdentifierValueAsString="a b", FeatureNames=["id", "time"])["Record"] == record
runtime.delete_record(FeatureGroupName="clicks", RecordIdentifierValueAsString="a b", EventTime="1767225601", TargetStores=["OnlineStore"])
assert "Record" not in runtime.get_record(FeatureGroupName="clicks", RecordIdentifierValueAsString="a b")
try:
    runtime.get_record(FeatureGroupName="absent", RecordIdentifierValueAsString="a")
    raise AssertionError("an absent feature group answered")
except runtime.exceptions.ResourceNotFound as error:
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
