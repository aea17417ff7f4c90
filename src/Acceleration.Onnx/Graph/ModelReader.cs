using Acceleration.Onnx.Schema;
using Google.Protobuf;

namespace Acceleration.Onnx;

/// <summary>Reads the graph of a model file. Weights in files of their own stay there.</summary>
internal static class ModelReader
{
    // The format of the file itself ends here.
    private const long Longest = int.MaxValue;

    /// <exception cref="OnnxException">It cannot be read, or is no model.</exception>
    public static ModelProto Read(string file)
    {
        if (SpecialFile.KindOf(file) is { } kind)
        {
            throw new OnnxException(file, $"this is {kind}; a model is a regular file.");
        }

        try
        {
            using var stream = File.OpenRead(file);
            if (stream.Length > Longest)
            {
                throw new OnnxException(file, $"it has {stream.Length} bytes; models of more than {Longest} keep their weights in a file of their own.");
            }

            var model = ModelProto.Parser.ParseFrom(stream);
            return model.Graph is { Node.Count: > 0, Output.Count: > 0 } ? model : throw new OnnxException(file, "it is not an ONNX model, or one without a graph.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxException(file, $"it is not an ONNX model, or only a part of one: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OnnxException(file, "the file does not exist.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new OnnxException(file, $"the file cannot be read: {e.Message}", e);
        }
    }
}
