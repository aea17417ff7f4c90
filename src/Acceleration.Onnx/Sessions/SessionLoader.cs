using Acceleration.Onnx.Schema;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>Opens model files with one set of threads, on the provider that was asked for.</summary>
internal sealed class SessionLoader
{
    // Parts run one after the other: with an arena of its own, each would write to memory that has gone cold since its last turn, which costs up to a fifth of a forward pass. The arena outlives the sessions.
    private static readonly Lazy<bool> SharesMemory = new(ShareMemory);
    private readonly OnnxOptions _options;
    private readonly int _threads;

    public SessionLoader(OnnxOptions options)
    {
        _options = options;
        _threads = options.Threads ?? Math.Max(1, get_num_threads());
    }

    /// <summary>Whether graphs of one model can be given their weights: those in host memory.</summary>
    public bool SharesWeights => _options.Provider == OnnxProvider.Cpu;

    /// <summary>Opens a file.</summary>
    /// <exception cref="OnnxException">It is missing, malformed, or asks for what is not there.</exception>
    public OnnxGraph Load(string file)
    {
        RequireFile(file);
        return Open(file, settings => new(file, settings), _ => { });
    }

    /// <summary>Opens a graph that is in no file.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="model">The graph.</param>
    /// <param name="folder">Where files of its weights are.</param>
    /// <param name="weights">Those that it is given; null for none.</param>
    /// <exception cref="OnnxException">ONNX Runtime refuses it.</exception>
    public OnnxGraph Load(string name, ModelProto model, string folder, SharedWeights? weights) => Open(
        name,
        settings => weights is null ? new(model.ToByteArray(), settings) : new(model.ToByteArray(), settings, weights.Packed),
        settings =>
        {
            settings.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
            weights?.Give(model.Graph, settings);
        });

    /// <summary>Reads a file of which nothing is computed yet: ONNX Runtime opens it, but prepares none of its weights.</summary>
    /// <exception cref="OnnxException">It is missing, malformed, or asks for what is not there.</exception>
    public PartModel Check(string file)
    {
        RequireFile(file);
        using var graph = Open(file, settings => new(file, settings), settings =>
        {
            settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            settings.AddSessionConfigEntry("session.disable_prepacking", "1");
        });
        return new(file, ModelReader.Read(file), graph.Inputs, graph.Outputs);
    }

    private OnnxGraph Open(string file, Func<SessionOptions, InferenceSession> open, Action<SessionOptions> change)
    {
        try
        {
            using var settings = Settings(file);
            change(settings);
            var session = open(settings);
            try
            {
                return new(file, session, _options.Provider.Device);
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (Exception e) when (SessionFault.IsOurs(e))
        {
            throw SessionFault.InLoading(file, e);
        }
    }

    /// <summary>Whether sessions of this process share an arena; not where ONNX Runtime refuses another, because the application has registered one for its own sessions.</summary>
    private static bool ShareMemory()
    {
        const int Usual = -1;
        try
        {
            using var arena = new OrtArenaCfg(0, Usual, Usual, Usual);
            OrtEnv.Instance().CreateAndRegisterAllocator(OrtMemoryInfo.DefaultInstance, arena);
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    private static void RequireFile(string file)
    {
        if (SpecialFile.KindOf(file) is { } kind)
        {
            throw new OnnxException(file, $"this is {kind}; a model is a regular file.");
        }

        if (!File.Exists(file))
        {
            throw new OnnxException(file, "the file does not exist.");
        }

        if (new FileInfo(file).Length == 0)
        {
            throw new OnnxException(file, "the file is empty.");
        }
    }

    private SessionOptions Settings(string file)
    {
        // What fails is thrown with its reason: nothing is written to the application's error stream.
        var settings = new SessionOptions { IntraOpNumThreads = _threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            // Waiting threads would hold the processors that libtorch's need between two calls.
            settings.AddSessionConfigEntry("session.intra_op.allow_spinning", _options.ThreadsSpin ? "1" : "0");
            if (_options.Provider == OnnxProvider.Cpu && SharesMemory.Value)
            {
                settings.AddSessionConfigEntry("session.use_env_allocators", "1");
            }

            if (!_options.AllowCpuOperators)
            {
                settings.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            }

            Provide(settings, file);
            return settings;
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }

    private void Provide(SessionOptions settings, string file)
    {
        var provider = _options.Provider;
        if (provider == OnnxProvider.Cpu)
        {
            return;
        }

        var known = OrtEnv.Instance().GetAvailableProviders();
        if (!known.Contains(provider.FullName))
        {
            var remedy = provider.Device.type == DeviceType.CUDA ? " Reference Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime." : "";
            throw new OnnxException(file, $"the provider {provider} is not part of the ONNX Runtime that is loaded, which has {string.Join(", ", known)}.{remedy}");
        }

        if (provider.Device.type == DeviceType.CUDA && !(cuda.is_available() && Math.Max(0, provider.Device.index) < cuda.device_count()))
        {
            throw new OnnxException(file, $"the provider {provider} needs a GPU that libtorch sees, too: it sees {(cuda.is_available() ? cuda.device_count() : 0)}. Reference TorchSharp for CUDA in place of TorchSharp-cpu.");
        }

        try
        {
            if (provider.Device.type == DeviceType.CUDA)
            {
                using var cudaSettings = new OrtCUDAProviderOptions();
                cudaSettings.UpdateOptions(new(provider.Settings) { ["device_id"] = $"{Math.Max(0, provider.Device.index)}" });
                settings.AppendExecutionProvider_CUDA(cudaSettings);
            }
            else
            {
                settings.AppendExecutionProvider(provider.Name, new(provider.Settings));
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new OnnxException(file, $"the provider {provider} cannot be used: {e.Message}", e);
        }
    }
}
