using System.Text.Json.Serialization;

namespace EduPro.Api.Features.Video;

[JsonSerializable(typeof(CreateUploadCredentials.Response), TypeInfoPropertyName = "CreateUploadCredentialsResponse")]
[JsonSerializable(typeof(ReceiveHook.Response), TypeInfoPropertyName = "ReceiveHookResponse")]
internal sealed partial class VideoJson : JsonSerializerContext;
