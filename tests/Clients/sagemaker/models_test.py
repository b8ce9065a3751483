"""Models, the registry, endpoints and predictors."""
import io
import json
import tarfile
import boto3
from sagemaker import ModelPackage
from sagemaker.async_inference import AsyncInferenceConfig
from sagemaker.deserializers import CSVDeserializer, JSONDeserializer
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.model_monitor import DataCaptureConfig
from sagemaker.predictor import Predictor
from sagemaker.serializers import CSVSerializer, JSONSerializer
from sagemaker.serverless import ServerlessInferenceConfig
from sdk import bucket, refused, role, session

client = boto3.client("sagemaker")
image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/python-server:1"
server = '''
import http.server, json, os
class Server(http.server.BaseHTTPRequestHandler):
    def answer(self, kind, text):
        body = text.encode()
        self.send_response(200); self.send_header("Content-Type", kind); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_GET(self): self.answer("text/plain", "")
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Content-Type"] == "application/json":
            self.answer("application/json", json.dumps({"version": VERSION, "asked": json.loads(text), "level": os.environ.get("LEVEL")}))
        else:
            self.answer("text/csv", "\\n".join(f"{VERSION},{row}" for row in text.strip().split("\\n")) + "\\n")
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Server).serve_forever()
'''


def archive(version):
    content = io.BytesIO()
    code = server.replace("VERSION", str(version)).encode()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        entry = tarfile.TarInfo("serve.py")
        entry.size = len(code)
        tar.addfile(entry, io.BytesIO(code))
    boto3.client("s3").put_object(Bucket=bucket, Key=f"models/{version}/model.tar.gz", Body=content.getvalue())
    return f"s3://{bucket}/models/{version}/model.tar.gz"


# a model of one's own, deployed and asked in both forms
model = Model(image_uri=image, model_data=archive(1), role=role, sagemaker_session=session, predictor_cls=Predictor, env={"LEVEL": "high"}, name="first")
predictor = model.deploy(
    initial_instance_count=1, instance_type="ml.m5.large", endpoint_name="churn", serializer=CSVSerializer(), deserializer=CSVDeserializer(),
    tags=[{"Key": "team", "Value": "ml"}])
assert predictor.predict([25, 1, 0]) == [["1", "25", "1", "0"]]
assert predictor.predict([[25, 1], [30, 0]]) == [["1", "25", "1"], ["1", "30", "0"]]
asking = Predictor("churn", sagemaker_session=session, serializer=JSONSerializer(), deserializer=JSONDeserializer())
assert asking.predict({"age": 25}) == {"version": 1, "asked": {"age": 25}, "level": "high"}
assert session.list_tags(session.describe_endpoint("churn")["EndpointArn"]) == [{"Key": "team", "Value": "ml"}]

# the registry: register, look, approve, deploy the approved version
versions = []
for number in (2, 3):
    versions.append(Model(image_uri=image, model_data=archive(number), role=role, sagemaker_session=session).register(
        content_types=["text/csv"], response_types=["text/csv"], inference_instances=["ml.m5.large"], transform_instances=["ml.m5.large"],
        model_package_group_name="churn", approval_status="PendingManualApproval", description=f"version {number}", domain="MACHINE_LEARNING", task="CLASSIFICATION",
        customer_metadata_properties={"commit": "abc"}, model_metrics=ModelMetrics(model_statistics=MetricsSource("application/json", f"s3://{bucket}/report.json"))))
arn = versions[0].model_package_arn
assert arn.endswith(":model-package/churn/1"), arn
versions[0].update_approval_status("Approved", approval_description="good enough")
versions[0].update_customer_metadata({"reviewer": "ann"})
described = client.describe_model_package(ModelPackageName=arn)
assert (described["ModelApprovalStatus"], described["ApprovalDescription"]) == ("Approved", "good enough"), described
assert described["CustomerMetadataProperties"] == {"commit": "abc", "reviewer": "ann"}, described
versions[0].remove_customer_metadata_properties(["reviewer"])
assert client.describe_model_package(ModelPackageName=arn)["CustomerMetadataProperties"] == {"commit": "abc"}
approved = client.list_model_packages(ModelPackageGroupName="churn", ModelApprovalStatus="Approved", SortBy="CreationTime", SortOrder="Descending")
assert [summary["ModelPackageArn"] for summary in approved["ModelPackageSummaryList"]] == [arn]

package = ModelPackage(role=role, model_package_arn=arn, sagemaker_session=session)
package.deploy(initial_instance_count=1, instance_type="ml.m5.large", endpoint_name="registered")
registered = Predictor("registered", sagemaker_session=session, serializer=CSVSerializer(), deserializer=CSVDeserializer())
assert registered.predict([25]) == [["2", "25"]]

# another version takes over; the same endpoint by its predictor, and with other machines
newer = ModelPackage(role=role, model_package_arn=versions[1].model_package_arn, sagemaker_session=session)
newer.create(instance_type="ml.m5.large")
predictor.update_endpoint(model_name=newer.name, initial_instance_count=2, instance_type="ml.m5.large")
assert predictor.predict([25]) == [["3", "25"]]
assert session.describe_endpoint("churn")["ProductionVariants"][0]["CurrentInstanceCount"] == 2
predictor.update_endpoint(initial_instance_count=1, instance_type="ml.m5.xlarge")
assert session.describe_endpoint("churn")["ProductionVariants"][0]["CurrentInstanceCount"] == 1

# what is not there is refused by name
refused(lambda: predictor.update_data_capture_config(DataCaptureConfig(enable_capture=True, destination_s3_uri=f"s3://{bucket}/captured", sagemaker_session=session)), "DataCaptureConfig")
refused(lambda: model.deploy(serverless_inference_config=ServerlessInferenceConfig(), endpoint_name="serverless"), "ServerlessConfig")
refused(lambda: model.deploy(initial_instance_count=1, instance_type="ml.m5.large", async_inference_config=AsyncInferenceConfig(output_path=f"s3://{bucket}/async"), endpoint_name="async"), "AsyncInferenceConfig")
refused(lambda: model.transformer(1, "ml.m5.large").transform(f"s3://{bucket}/rows"), "CreateTransformJob")

predictor.delete_model()  # the one that it serves now
predictor.delete_endpoint(delete_endpoint_config=True)
registered.delete_endpoint()
package.delete_model()
refused(lambda: session.describe_endpoint("churn"), "Could not find")
