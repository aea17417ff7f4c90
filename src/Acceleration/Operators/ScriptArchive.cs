using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// A module written in TorchScript's own serial form. Unlike <c>torch.jit.compile</c>, which knows aten's operators only, an archive may call any operator that
/// libtorch registers, as <c>ops.namespace.name</c>.
/// </summary>
internal static class ScriptArchive
{
    private const string Root = "operators";
    private const string Version = "3\n";
    private const string Class = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

    // Pickles, protocol 2: an instance of __torch__.M whose only attribute is training = True, and the empty tuple of constants.
    private static readonly byte[] Instance = [0x80, 0x02, .. "c__torch__\nM\n)"u8, 0x81, .. "}(X"u8, 8, 0, 0, 0, .. "training"u8, 0x88, .. "ub."u8];
    private static readonly byte[] Constants = [0x80, 0x02, (byte)')', (byte)'.'];

    /// <summary>Loads a module of the given methods.</summary>
    /// <param name="methods">TorchScript, indented by two. An operator that this libtorch lacks ends the process: probe for it first.</param>
    public static jit.ScriptModule Load(string methods)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "data.pkl", Instance);
            Write(zip, "code/__torch__.py", Encoding.ASCII.GetBytes(Class + methods.ReplaceLineEndings("\n")));
            Write(zip, "constants.pkl", Constants);
            Write(zip, "version", Encoding.ASCII.GetBytes(Version));
        }

        return jit.load(bytes.ToArray());
    }

    private static void Write(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry($"{Root}/{name}", CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}
