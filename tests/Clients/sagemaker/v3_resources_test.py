"""The SDK's classes of AWS's resources: feature groups, the model registry, models and endpoints."""
import io
import tarfile
import boto3
from sagemaker.core.resources import Endpoint, EndpointConfig, FeatureGroup, Model, ModelPackage, ModelPackageGroup
from sagemaker.core.shapes import (
    ContainerDefinition, FeatureDefinition, FeatureValue, OfflineStoreConfig, OnlineStoreConfig, ProductionVariant, S3StorageConfig)
from sdk import bucket, role, session

# a feature group and its records
group = FeatureGroup.create(
    feature_group_name="customers", record_identifier_feature_name="customer", event_time_feature_name="time", role_arn=role,
    feature_definitions=[FeatureDefinition(feature_name="customer", feature_type="String"), FeatureDefinition(feature_name="time", feature_type="Fractional")],
    online_store_config=OnlineStoreConfig(enable_online_store=True),
    offline_store_config=OfflineStoreConfig(s3_storage_config=S3StorageConfig(s3_uri=f"s3://{bucket}/features")))
group.wait_for_status("Created")
group.put_record(record=[FeatureValue(feature_name="customer", value_as_string="c1"), FeatureValue(feature_name="time", value_as_string="1700000000")])
record = group.get_record(record_identifier_value_as_string="c1").record
assert {value.feature_name: value.value_as_string for value in record} == {"customer": "c1", "time": "1700000000"}, record
group.delete_record(record_identifier_value_as_string="c1", event_time="1700000001")
assert [found.feature_group_name for found in FeatureGroup.get_all()] == ["customers"]
group.delete()

# a model from its archive, registered, approved, deployed and asked
server = '''
import http.server, os
class Server(http.server.BaseHTTPRequestHandler):
    def answer(self, body):
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_GET(self): self.answer(b"")
    def do_POST(self): self.answer(b"asked: " + self.rfile.read(int(self.headers["Content-Length"])))
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Server).serve_forever()
'''
content = io.BytesIO()
with tarfile.open(fileobj=content, mode="w:gz") as tar:
    entry = tarfile.TarInfo("serve.py")
    entry.size = len(server)
    tar.addfile(entry, io.BytesIO(server.encode()))
boto3.client("s3").put_object(Bucket=bucket, Key="model.tar.gz", Body=content.getvalue())
image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/python-server:1"

ModelPackageGroup.create(model_package_group_name="churn")
# the SDK's own ModelPackage.create and update read members of answers that AWS does not give for versions
client = boto3.client("sagemaker")
arn = client.create_model_package(
    ModelPackageGroupName="churn", ModelApprovalStatus="PendingManualApproval", InferenceSpecification={
        "Containers": [{"Image": image, "ModelDataUrl": f"s3://{bucket}/model.tar.gz"}], "SupportedContentTypes": ["text/csv"], "SupportedResponseMIMETypes": ["text/csv"]})["ModelPackageArn"]
client.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
package = ModelPackage.get(arn)
assert (package.model_package_version, package.model_approval_status) == (1, "Approved"), package

Model.create(
    model_name="churn", execution_role_arn=role, primary_container=ContainerDefinition(model_package_name=package.model_package_arn))
EndpointConfig.create(endpoint_config_name="churn", production_variants=[
    ProductionVariant(variant_name="AllTraffic", model_name="churn", initial_instance_count=1, instance_type="ml.m5.large")])
endpoint = Endpoint.create(endpoint_name="churn", endpoint_config_name="churn")
endpoint.wait_for_status("InService")
answer = endpoint.invoke(body=b"25,1", content_type="text/csv")
assert answer.body.read() == b"asked: 25,1", answer
endpoint.delete()
EndpointConfig.get("churn").delete()
Model.get("churn").delete()
